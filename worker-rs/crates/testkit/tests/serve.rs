//! The load server as a process: what it serves, and that it ends with its standard input.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, fs, process};

const BODY: &[u8] = b"the file";

struct Served {
    process: Child,
    folder: PathBuf,
    address: String,
}

impl Served {
    fn start(test: &str, latency: &str) -> Self {
        let folder = env::temp_dir().join(format!("rustpipe-testkit-{}-{test}", process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        fs::write(folder.join("a.tar"), BODY).expect("a file");
        let mut process = Command::new(env!("CARGO_BIN_EXE_rustpipe-testkit"))
            .args(["serve", "--latency", latency, "--dir"])
            .arg(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a process");
        let mut line = String::new();
        let stdout = process.stdout.as_mut().expect("a pipe");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        let address = line
            .trim()
            .strip_prefix("listening on http://")
            .expect("an address")
            .to_owned();
        Self {
            process,
            folder,
            address,
        }
    }

    /// What comes back for these requests, sent at once.
    fn exchange(&self, requests: &str) -> String {
        let mut stream = TcpStream::connect(&self.address).expect("a connection");
        stream.write_all(requests.as_bytes()).expect("requests");
        stream.shutdown(std::net::Shutdown::Write).expect("an end");
        let mut answers = String::new();
        stream.read_to_string(&mut answers).expect("answers");
        answers
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // Both fail only where the test has failed before.
        let _ = self.process.kill();
        let _ = self.process.wait();
        let _ = fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn files_are_served_over_one_connection_whatever_the_query() {
    let served = Served::start("files", "0ms");
    let answers = served.exchange(concat!(
        "GET /a.tar?1 HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /none HTTP/1.1\r\nhost: x\r\n\r\n",
        "GET /a.tar HTTP/1.1\r\nhost: x\r\n\r\n",
    ));
    let statuses: Vec<_> = answers
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|answer| &answer[..3])
        .collect();
    assert_eq!(statuses, ["200", "404", "200"]);
    assert_eq!(
        answers.matches("content-length: 8\r\n\r\nthe file").count(),
        2
    );
}

#[test]
fn an_answer_comes_after_the_latency() {
    let served = Served::start("latency", "100ms");
    let started = Instant::now();
    served.exchange("GET /a.tar HTTP/1.1\r\n\r\n");
    assert!(started.elapsed() >= Duration::from_millis(100));
}

#[test]
fn the_server_ends_when_its_standard_input_does() {
    let mut served = Served::start("end", "0ms");
    drop(served.process.stdin.take());
    assert!(served.process.wait().expect("an exit").success());
}
