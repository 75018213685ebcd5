//! Addresses of clients: the peer's own, or what a proxy that is trusted says.

use std::{net::IpAddr, str::FromStr};

use actix_web::{HttpRequest, http::header::HeaderMap};

/// The proxies whose `X-Forwarded-For` counts.
#[derive(Clone, Debug, Default)]
pub struct Proxies(Vec<Network>);

/// An address with the number of bits that count.
#[derive(Clone, Copy, Debug)]
struct Network {
    address: IpAddr,
    bits: u8,
}

impl Proxies {
    pub fn client(&self, request: &HttpRequest) -> Option<IpAddr> {
        request.peer_addr().map(|peer| self.behind(peer.ip().to_canonical(), request.headers()))
    }

    /// The nearest address that is not a trusted proxy: what stands before it anybody can have written.
    fn behind(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines = headers.get_all("x-forwarded-for").filter_map(|value| value.to_str().ok());
        let hops: Vec<_> = lines.flat_map(|line| line.split(',')).collect();
        let mut client = peer;
        for hop in hops.iter().rev() {
            if !self.0.iter().any(|network| network.holds(client)) {
                break;
            }
            match hop.trim().parse::<IpAddr>() {
                Ok(address) => client = address.to_canonical(),
                Err(_) => break,
            }
        }
        client
    }
}

/// Addresses and networks, such as `127.0.0.1, 10.0.0.0/8`.
impl FromStr for Proxies {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let words = text.split(',').map(str::trim).filter(|word| !word.is_empty());
        words.map(str::parse).collect::<Result<_, _>>().map(Self)
    }
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let wrong = || format!("{text:?} is no address such as 10.0.0.1 or 10.0.0.0/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.parse().map_err(|_| wrong())?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(most), |bits| bits.parse().map_err(|_| wrong()))?;
        if bits > most { Err(wrong()) } else { Ok(Self { address, bits }) }
    }
}

impl Network {
    fn holds(self, other: IpAddr) -> bool {
        match (self.address, other) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                (own.to_bits() ^ other.to_bits()).leading_zeros() >= u32::from(self.bits)
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    #[test]
    fn only_what_trusted_proxies_say_counts() {
        let mut headers = HeaderMap::new();
        headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("1.1.1.1, 9.9.9.9"));
        headers.append(HeaderName::from_static("x-forwarded-for"), HeaderValue::from_static("10.0.0.2"));
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let proxies: Proxies = "10.0.0.0/30, ::1".parse().unwrap();
        assert_eq!(proxies.behind(ip("10.0.0.1"), &headers), ip("9.9.9.9"));
        assert_eq!(proxies.behind(ip("5.5.5.5"), &headers), ip("5.5.5.5"), "a stranger's header");
        assert_eq!(Proxies::default().behind(ip("10.0.0.1"), &headers), ip("10.0.0.1"));
    }

    #[test]
    fn a_list_of_proxies_holds_addresses_and_networks() {
        for wrong in ["proxy.example", "10.0.0.1/33", "10.0.0.1/", "10.0.0.1;10.0.0.2"] {
            assert!(wrong.parse::<Proxies>().is_err(), "{wrong}");
        }
        assert!("".parse::<Proxies>().unwrap().0.is_empty());
        let network: Network = "2001:db8::/32".parse().unwrap();
        assert!(network.holds("2001:db8:1::1".parse().unwrap()) && !network.holds("2001:db9::1".parse().unwrap()));
    }
}
