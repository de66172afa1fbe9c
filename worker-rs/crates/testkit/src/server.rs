//! An HTTP/1.1 server for tests: it answers by script and misbehaves on request.
//!
//! It runs on a thread of its own, so blocking tests can use it too, and is gone when the value is dropped.

mod answer;
mod connection;
mod count;
pub mod folder;
pub mod quotes;

pub use answer::{Answer, Routes};
pub use count::Count;

use std::collections::HashMap;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;

use tokio::net::TcpListener;
use tokio::sync::oneshot;

/// A running server on a free port of `127.0.0.1`.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    state: Arc<State>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// One request as it came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method and the target, such as `GET /a?b`.
    pub line: String,
    /// Header names in lower case, with their values.
    pub headers: Vec<(String, String)>,
}

impl Request {
    /// The first value of a header, by its name in lower case.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.as_str())
    }
}

#[derive(Debug)]
struct State {
    routes: Routes,
    base: String,
    seen: Mutex<HashMap<String, Vec<Request>>>,
    connections: std::sync::atomic::AtomicUsize,
}

impl State {
    fn seen(&self) -> MutexGuard<'_, HashMap<String, Vec<Request>>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Server {
    /// Starts a server that answers by `routes`, and 404 for any other path.
    ///
    /// # Panics
    /// When no port or thread can be had: a test has nothing better to do.
    #[must_use]
    pub fn start(routes: Routes) -> Self {
        let listener =
            std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free loopback port");
        listener
            .set_nonblocking(true)
            .expect("a non-blocking listener");
        let address = listener.local_addr().expect("the listener's address");
        let state = Arc::new(State {
            routes,
            base: format!("http://{address}"),
            seen: Mutex::default(),
            connections: 0.into(),
        });
        let (stop, stopped) = oneshot::channel();
        let shared = Arc::clone(&state);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        let thread = std::thread::Builder::new()
            .name("testkit-server".to_owned())
            .spawn(move || runtime.block_on(serve(listener, shared, stopped)))
            .expect("a thread");
        Self {
            address,
            state,
            stop: Some(stop),
            thread: Some(thread),
        }
    }

    /// The URL of a path that begins with `/`.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.state.base)
    }

    /// Where the server listens.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// How many requests a path has had, its query string aside.
    #[must_use]
    pub fn request_count(&self, path: &str) -> usize {
        self.state.seen().get(path).map_or(0, Vec::len)
    }

    /// The requests that a path has had, its query string aside, oldest first.
    #[must_use]
    pub fn requests(&self, path: &str) -> Vec<Request> {
        self.state.seen().get(path).cloned().unwrap_or_default()
    }

    /// How many connections have been accepted.
    #[must_use]
    pub fn connection_count(&self) -> usize {
        self.state
            .connections
            .load(std::sync::atomic::Ordering::Relaxed)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.stop.take();
        if let Some(thread) = self.thread.take() {
            // A panic of the server's thread has been printed; a second one in a drop would abort the test run.
            let _ = thread.join();
        }
    }
}

async fn serve(listener: std::net::TcpListener, state: Arc<State>, stopped: oneshot::Receiver<()>) {
    let listener = TcpListener::from_std(listener).expect("a listener in the runtime");
    let accept = async {
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    state
                        .connections
                        .fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let state = Arc::clone(&state);
                    tokio::spawn(async move { connection::run(stream, &state).await });
                }
                Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
                Err(error) => panic!("the test server cannot accept: {error}"),
            }
        }
    };
    // Either way the runtime ends with this function and takes all connections with it.
    tokio::select! {
        () = accept => {}
        _ = stopped => {}
    }
}
