//! TLS: a certificate that isn't trusted ends the fetch at once.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::{ServerConfig, ServerConnection};

use crate::{code, fetch, message};

/// Ed25519, for localhost and 127.0.0.1, signed by itself.
const CERTIFICATE: &[u8] = include_bytes!("tls/self-signed.der");
const KEY: &[u8] = include_bytes!("tls/self-signed-key.der");

#[tokio::test]
async fn an_untrusted_certificate_is_a_tls_error_and_not_tried_again() {
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(KEY));
    let config =
        ServerConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
            .with_safe_default_protocol_versions()
            .and_then(|config| {
                config
                    .with_no_client_auth()
                    .with_single_cert(vec![CertificateDer::from(CERTIFICATE)], key)
            })
            .expect("a TLS server's configuration");
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}/a", listener.local_addr().expect("an address"));
    let connections = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&connections);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            counted.fetch_add(1, Ordering::SeqCst);
            let mut connection =
                ServerConnection::new(Arc::clone(&config)).expect("a TLS connection");
            // The client's alert makes this fail.
            let _ = connection.complete_io(&mut stream.expect("a connection"));
        }
    });

    let (report, _) = fetch(&url).await;
    assert_eq!(
        (code(&report), report.attempts),
        ("TLS", 1),
        "{:?}",
        report.result
    );
    assert!(
        message(&report).contains("certificate") && message(&report).contains(&url),
        "{}",
        message(&report)
    );
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn a_server_without_tls_is_a_tls_error() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let url = format!("https://{}/a", listener.local_addr().expect("an address"));
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a connection");
        stream
            .write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n")
            .expect("an answer");
        // Read to the client's end: closing before would be a reset.
        stream.read_to_end(&mut Vec::new())
    });
    let (report, _) = fetch(&url).await;
    assert_eq!(
        (code(&report), report.attempts),
        ("TLS", 1),
        "{:?}",
        report.result
    );
}
