//! Requests to other servers: one guarded client for everything that leaves this one.
//!
//! Addresses are checked after a name is resolved, and only checked addresses are connected to; redirects are checked
//! again. Private networks are refused unless the operator names them.

use std::{
    net::{IpAddr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use reqwest::{
    Client, Url,
    dns::{Addrs, Name, Resolve, Resolving},
    redirect,
};

/// The largest answer that is taken, in bytes.
pub const LARGEST: usize = 2 << 20;
const CONNECT: Duration = Duration::from_secs(2);
/// From the first packet to the last byte.
const WHOLE: Duration = Duration::from_secs(4);
const REDIRECTS: usize = 5;

#[derive(Clone, Debug, thiserror::Error)]
pub enum OutboundError {
    #[error("{0:?} is not an http or https address")]
    Address(String),
    #[error("{0} is a private address; PERENNIAL_FETCH_ALLOW can allow it")]
    Private(String),
    #[error("the answer is larger than 2 MiB")]
    Large,
    #[error("{0}")]
    Failed(String),
}

/// Private destinations that may be reached all the same.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Allowed(Vec<Destination>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Destination {
    Host { name: String, port: Option<u16> },
    Network { address: IpAddr, bits: u8 },
}

impl Allowed {
    /// `host`, `host:port` or CIDR, separated by commas.
    pub fn parse(text: &str) -> Result<Self, String> {
        let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
        parts.map(Destination::parse).collect::<Result<_, _>>().map(Self)
    }

    fn host(&self, host: &str, port: u16) -> bool {
        self.0.iter().any(|allowed| match allowed {
            Destination::Host { name, port: own } => {
                name.eq_ignore_ascii_case(host) && own.is_none_or(|own| own == port)
            }
            Destination::Network { .. } => false,
        })
    }

    fn address(&self, address: IpAddr) -> bool {
        self.0.iter().any(|allowed| match allowed {
            Destination::Network { address: network, bits } => prefix(*network, *bits) == prefix(address, *bits),
            Destination::Host { .. } => false,
        })
    }
}

impl Destination {
    fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("{text:?} is neither a host, a host with a port, nor a network such as 10.0.0.0/8");
        if let Some((address, bits)) = text.split_once('/') {
            let address: IpAddr = address.parse().map_err(|_| wrong())?;
            let bits: u8 = bits.parse().map_err(|_| wrong())?;
            let most = if address.is_ipv4() { 32 } else { 128 };
            return (bits <= most).then_some(Self::Network { address, bits }).ok_or_else(wrong);
        }
        match text.rsplit_once(':') {
            Some((name, port)) if !name.contains(':') => {
                Ok(Self::Host { name: name.into(), port: Some(port.parse().map_err(|_| wrong())?) })
            }
            _ => Ok(Self::Host { name: text.into(), port: None }),
        }
    }
}

/// The first `bits` of an address, with its family.
fn prefix(address: IpAddr, bits: u8) -> (bool, u128) {
    match address {
        IpAddr::V4(address) => (true, u128::from(u32::from(address)).checked_shr(32 - u32::from(bits)).unwrap_or(0)),
        IpAddr::V6(address) => (false, u128::from(address).checked_shr(128 - u32::from(bits)).unwrap_or(0)),
    }
}

/// Reachable from anywhere: no loopback, no private, link-local, shared, documentation, multicast or reserved network.
fn is_public(address: IpAddr) -> bool {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            !(v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_broadcast()
                || v4.is_documentation()
                || v4.is_multicast()
                || a == 0
                || a >= 240
                || (a == 100 && (64..128).contains(&b))
                || (a == 198 && (18..20).contains(&b))
                || (a == 192 && b == 0 && c == 0))
        }
        IpAddr::V6(v6) => {
            let [first, second, ..] = v6.segments();
            // Only the global unicast block, without documentation, benchmarking, 6to4 and NAT64, which may lead inside.
            (first & 0xe000) == 0x2000 && !(first == 0x2001 && (second < 0x0200 || second == 0x0db8)) && first != 0x2002
        }
    }
}

/// The client. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Outbound {
    client: Client,
    allowed: Arc<Allowed>,
}

/// What another server answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Response {
    pub status: u16,
    pub body: Vec<u8>,
}

impl Outbound {
    pub fn new(allowed: Allowed) -> Result<Self, OutboundError> {
        let allowed = Arc::new(allowed);
        let (resolver, hops) = (Guard(allowed.clone()), allowed.clone());
        let follow = redirect::Policy::custom(move |attempt| {
            if attempt.previous().len() > REDIRECTS {
                return attempt.error("too many redirects");
            }
            match permit(attempt.url(), &hops) {
                Ok(()) => attempt.follow(),
                Err(error) => attempt.error(error),
            }
        });
        let client = Client::builder()
            .user_agent(concat!("Perennial/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT)
            .timeout(WHOLE)
            .redirect(follow)
            .dns_resolver(resolver)
            .no_proxy()
            .build()
            .map_err(|error| OutboundError::Failed(error.to_string()))?;
        Ok(Self { client, allowed })
    }

    pub async fn get(&self, url: &str) -> Result<Response, OutboundError> {
        let url = Url::parse(url).map_err(|_| OutboundError::Address(url.into()))?;
        permit(&url, &self.allowed)?;
        self.send(self.client.get(url)).await
    }

    /// Sends a message with these headers.
    pub async fn post(
        &self,
        url: &str,
        headers: &[(&'static str, String)],
        body: String,
    ) -> Result<Response, OutboundError> {
        let url = Url::parse(url).map_err(|_| OutboundError::Address(url.into()))?;
        permit(&url, &self.allowed)?;
        let request = self.client.post(url).body(body);
        self.send(headers.iter().fold(request, |request, (name, value)| request.header(*name, value))).await
    }

    async fn send(&self, request: reqwest::RequestBuilder) -> Result<Response, OutboundError> {
        let mut answer = request.send().await.map_err(|error| OutboundError::Failed(reason(&error)))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| OutboundError::Failed(reason(&error)))? {
            if body.len() + chunk.len() > LARGEST {
                return Err(OutboundError::Large);
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response { status, body })
    }
}

/// Checks what can be checked before a name is resolved.
fn permit(url: &Url, allowed: &Allowed) -> Result<(), OutboundError> {
    let (Some(host), true) = (url.host_str(), matches!(url.scheme(), "http" | "https")) else {
        return Err(OutboundError::Address(url.to_string()));
    };
    let port = url.port_or_known_default().unwrap_or(80);
    let literal = host.trim_matches(['[', ']']).parse::<IpAddr>();
    let refused = literal.is_ok_and(|address| !is_public(address) && !allowed.address(address));
    if refused && !allowed.host(host, port) { Err(OutboundError::Private(host.into())) } else { Ok(()) }
}

/// The innermost cause says it best: "connection refused", "timed out".
fn reason(error: &reqwest::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(source) = cause.source() {
        cause = source;
    }
    cause.to_string()
}

/// Resolves names to addresses that may be connected to.
struct Guard(Arc<Allowed>);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let allowed = self.0.clone();
        Box::pin(async move {
            let host = name.as_str().to_owned();
            let found: Vec<SocketAddr> = tokio::net::lookup_host((host.as_str(), 0)).await?.collect();
            // A port cannot be told apart here; `permit` did that for hosts that are allowed at one port only.
            let named = allowed
                .0
                .iter()
                .any(|d| matches!(d, Destination::Host { name, .. } if name.eq_ignore_ascii_case(&host)));
            let usable: Vec<_> = found
                .into_iter()
                .filter(|found| named || is_public(found.ip()) || allowed.address(found.ip()))
                .collect();
            if usable.is_empty() {
                return Err(OutboundError::Private(host).into());
            }
            Ok(Box::new(usable.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(url: &str, allow: &str) -> bool {
        permit(&Url::parse(url).unwrap(), &Allowed::parse(allow).unwrap()).is_err()
    }

    #[test]
    fn private_destinations_are_refused_unless_they_are_named() {
        let private = [
            "http://127.0.0.1/",
            "http://10.1.2.3/",
            "http://169.254.169.254/latest/",
            "http://192.168.0.1/",
            "http://100.64.0.1/",
            "http://[::1]/",
            "http://[fd00::1]/",
            "http://[::ffff:127.0.0.1]/",
            "http://0.0.0.0/",
            "http://2130706433/",
            "http://0x7f.1/",
            "file:///etc/passwd",
            "http://[2002:7f00:1::]/",
        ];
        for url in private {
            assert!(refused(url, ""), "{url}");
        }
        for url in ["http://93.184.216.34/", "https://example.org/", "http://[2606:2800:220:1::1]/"] {
            assert!(!refused(url, ""), "{url}");
        }
        assert!(!refused("http://127.0.0.1:9000/x", "127.0.0.1:9000"));
        assert!(refused("http://127.0.0.1:9001/x", "127.0.0.1:9000"));
        assert!(!refused("http://10.1.2.3/", "10.0.0.0/8, example.org"));
        assert!(!refused("http://11.1.2.3/", "0.0.0.0/0"), "the whole internet may be named");
    }

    #[test]
    fn what_is_no_destination_is_refused_by_its_name() {
        for bad in ["10.0.0.0/33", "host:port", "10.0.0/8"] {
            assert!(Allowed::parse(bad).unwrap_err().contains(bad), "{bad}");
        }
    }
}
