//! Names to addresses, in process: a bound on look-ups at once, a cache, and only addresses that the rules let pass.
//!
//! The system's configuration is read once, when the resolver is made; nothing is read from the disk afterwards.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use hickory_resolver::config::{LookupIpStrategy, ResolveHosts, ResolverConfig};
use hickory_resolver::lookup_ip::LookupIp;
use hickory_resolver::net::NetError;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use hickory_resolver::proto::rr::IntoName;
use hickory_resolver::{Resolver, ResolverBuilder, TokioResolver};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tokio::sync::Semaphore;
use tokio::time::timeout;

use crate::Config;
use crate::address::{AddressRules, Refused};
use crate::error::clip;

/// Servers that set no lifetime for an answer would else be asked once per connection.
const SHORTEST_LIFETIME: Duration = Duration::from_secs(5);

/// Why a name gave no address; found again at the end of the HTTP client's error chain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum LookupError {
    #[error("{reason}")]
    Failed { not_found: bool, reason: String },
    #[error("all addresses are refused, {} for one", .0.address)]
    Refused(Refused),
}

pub(crate) struct GuardedResolver(Arc<Inner>);

struct Inner {
    resolver: TokioResolver,
    rules: AddressRules,
    permits: Semaphore,
    patience: Duration,
    /// Why there are no name servers to ask, where that is so.
    no_servers: Option<String>,
}

impl GuardedResolver {
    /// Asks the name servers that the system is set up for.
    pub(crate) fn new(rules: AddressRules, config: &Config) -> Result<Self, NetError> {
        match TokioResolver::builder_tokio() {
            Ok(builder) => Self::build(builder, None, rules, config),
            // localhost and the hosts file work all the same, and a manifest may need no other name.
            Err(error) => {
                let servers = ResolverConfig::from_name_servers(Vec::new());
                Self::build(
                    with_servers(servers),
                    Some(error.to_string()),
                    rules,
                    config,
                )
            }
        }
    }

    fn build(
        mut builder: ResolverBuilder<TokioRuntimeProvider>,
        no_servers: Option<String>,
        rules: AddressRules,
        config: &Config,
    ) -> Result<Self, NetError> {
        let options = builder.options_mut();
        options.use_hosts_file = ResolveHosts::Always;
        options.positive_min_ttl = Some(SHORTEST_LIFETIME);
        // Clusters often have IPv6 addresses without a route; with IPv4 first no connection waits for that.
        options.ip_strategy = LookupIpStrategy::Ipv4AndIpv6;
        Ok(Self(Arc::new(Inner {
            resolver: builder.build()?,
            rules,
            permits: Semaphore::new(config.concurrent_lookups.max(1)),
            patience: config.lookup_timeout,
            no_servers,
        })))
    }
}

fn with_servers(servers: ResolverConfig) -> ResolverBuilder<TokioRuntimeProvider> {
    Resolver::builder_with_config(servers, TokioRuntimeProvider::default())
}

impl Resolve for GuardedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let inner = Arc::clone(&self.0);
        Box::pin(async move {
            let addresses = inner.lookup(name.as_str()).await?;
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

impl Inner {
    async fn lookup(&self, name: &str) -> Result<Vec<SocketAddr>, LookupError> {
        let found = timeout(self.patience, self.ask(name))
            .await
            .map_err(|_| temporary(format!("no answer within {:?}", self.patience)))??;

        let mut refused = None;
        let mut addresses = Vec::new();
        for address in found.iter() {
            match self.rules.check(address) {
                // The port is filled in from the URL.
                Ok(()) => addresses.push(SocketAddr::new(address, 0)),
                Err(error) => refused = Some(error),
            }
        }
        match refused {
            _ if !addresses.is_empty() => Ok(addresses),
            Some(refused) => Err(LookupError::Refused(refused)),
            None => Err(temporary("the name has no address".to_owned())),
        }
    }

    async fn ask(&self, name: &str) -> Result<LookupIp, LookupError> {
        let name = name.into_name().map_err(|error| LookupError::Failed {
            not_found: true,
            reason: format!("not a valid name: {}", clip(&error.to_string())),
        })?;
        // Those that wait here for a name that is being looked up find it in the cache.
        let _permit = self.permits.acquire().await;
        self.resolver.lookup_ip(name).await.map_err(|error| match &self.no_servers {
            _ if error.is_nx_domain() => LookupError::Failed {
                not_found: true,
                reason: "the name does not exist".to_owned(),
            },
            Some(problem) => temporary(format!(
                "this machine has no name servers to ask, its resolver configuration gave: {problem}"
            )),
            None => temporary(clip(&error.to_string())),
        })
    }
}

fn temporary(reason: String) -> LookupError {
    LookupError::Failed {
        not_found: false,
        reason,
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, UdpSocket};

    use hickory_resolver::config::NameServerConfig;

    use super::*;

    const EVIL: [u8; 4] = [10, 0, 0, 1];
    const GOOD: [u8; 4] = [1, 1, 1, 1];

    fn rules(allowed: &[&str]) -> AddressRules {
        AddressRules::new(
            allowed
                .iter()
                .map(|range| range.parse().expect("a range"))
                .collect(),
        )
    }

    async fn system_lookup(name: &str, allowed: &[&str]) -> Result<Vec<SocketAddr>, LookupError> {
        let resolver =
            GuardedResolver::new(rules(allowed), &Config::default()).expect("a resolver");
        resolver.0.lookup(name).await
    }

    /// A resolver whose only name server is `socket`.
    fn resolver_for(socket: &UdpSocket, lookup_timeout: Duration) -> GuardedResolver {
        let mut server = NameServerConfig::udp(Ipv4Addr::LOCALHOST.into());
        server.connections[0].port = socket.local_addr().expect("an address").port();
        let builder = with_servers(ResolverConfig::from_name_servers(vec![server]));
        let config = Config {
            lookup_timeout,
            ..Config::default()
        };
        GuardedResolver::build(builder, None, rules(&[]), &config).expect("a resolver")
    }

    /// A resolver whose name server knows these addresses for every name, or fails where there are none.
    fn resolver_with(addresses: &'static [[u8; 4]]) -> GuardedResolver {
        let socket = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let resolver = resolver_for(&socket, Duration::from_secs(20));
        std::thread::spawn(move || {
            let mut buffer = [0; 512];
            while let Ok((length, peer)) = socket.recv_from(&mut buffer) {
                socket
                    .send_to(&answer(&buffer[..length], addresses), peer)
                    .expect("an answer");
            }
        });
        resolver
    }

    /// The answer to one query, by RFC 1035, section 4.
    fn answer(query: &[u8], addresses: &[[u8; 4]]) -> Vec<u8> {
        const HEADER: usize = 12;
        const SERVER_FAILURE: u8 = 2;
        let name = query[HEADER..]
            .iter()
            .position(|&byte| byte == 0)
            .expect("a name")
            + 1;
        let question = &query[HEADER..HEADER + name + 4];
        let wants_v4 = question[name + 1] == 1;
        let records = if wants_v4 { addresses } else { &[] };
        let code = if addresses.is_empty() {
            SERVER_FAILURE
        } else {
            0
        };
        let count = u8::try_from(records.len()).expect("few addresses");
        let mut answer = vec![
            query[0],
            query[1],
            0x81,
            0x80 | code,
            0,
            1,
            0,
            count,
            0,
            0,
            0,
            0,
        ];
        answer.extend(question);
        for address in records {
            // The question's name, type A, class IN, a lifetime of 0 s, 4 bytes.
            answer.extend([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4]);
            answer.extend(address);
        }
        answer
    }

    #[tokio::test]
    async fn localhost_resolves_and_is_refused() {
        let error = system_lookup("localhost", &[]).await.unwrap_err();
        assert!(
            matches!(&error, LookupError::Refused(refused) if refused.address.is_loopback()),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn localhost_needs_no_name_servers_and_other_names_say_that_there_are_none() {
        let builder = with_servers(ResolverConfig::from_name_servers(Vec::new()));
        let resolver = GuardedResolver::build(
            builder,
            Some("no such file".to_owned()),
            rules(&["127.0.0.0/8"]),
            &Config::default(),
        )
        .expect("a resolver");
        assert!(resolver.0.lookup("localhost").await.is_ok());
        let error = resolver.0.lookup("example.org").await.unwrap_err();
        assert!(
            matches!(
                error,
                LookupError::Failed {
                    not_found: false,
                    ..
                }
            ),
            "{error:?}"
        );
        let message = error.to_string();
        assert!(
            message.contains("no name servers") && message.contains("no such file"),
            "{message}"
        );
    }

    #[tokio::test]
    async fn only_the_addresses_that_pass_are_given() {
        let addresses = system_lookup("localhost", &["127.0.0.0/8"])
            .await
            .expect("an address");
        assert!(
            !addresses.is_empty() && addresses.iter().all(SocketAddr::is_ipv4),
            "{addresses:?}"
        );

        let addresses = resolver_with(&[EVIL, GOOD]).0.lookup("example.org").await;
        assert_eq!(addresses, Ok(vec![SocketAddr::from((GOOD, 0))]));
    }

    #[tokio::test]
    async fn a_public_name_for_a_private_address_is_refused() {
        let error = resolver_with(&[EVIL])
            .0
            .lookup("example.org")
            .await
            .unwrap_err();
        let LookupError::Refused(refused) = error else {
            panic!("{error:?}")
        };
        assert_eq!(refused.address, Ipv4Addr::from(EVIL));
    }

    #[tokio::test]
    async fn names_that_cannot_exist_are_not_found() {
        // RFC 6761: the resolver answers for .invalid itself.
        for name in ["rustpipe.invalid", "a..b", &"a".repeat(64)] {
            let error = system_lookup(name, &[]).await.unwrap_err();
            assert!(
                matches!(
                    error,
                    LookupError::Failed {
                        not_found: true,
                        ..
                    }
                ),
                "{name}: {error:?}"
            );
        }
    }

    #[tokio::test]
    async fn a_failing_name_server_is_no_missing_name() {
        let error = resolver_with(&[])
            .0
            .lookup("example.org")
            .await
            .unwrap_err();
        assert!(
            matches!(
                error,
                LookupError::Failed {
                    not_found: false,
                    ..
                }
            ),
            "{error:?}"
        );
    }

    #[tokio::test]
    async fn a_silent_name_server_is_waited_for_no_longer_than_the_limit() {
        let silent = UdpSocket::bind("127.0.0.1:0").expect("a port");
        let resolver = resolver_for(&silent, Duration::from_millis(100));
        let error = resolver.0.lookup("example.org").await.unwrap_err();
        assert_eq!(error, temporary("no answer within 100ms".to_owned()));
    }
}
