//! The addresses that webhooks may go to: those of the public internet. A client that could make us call ourselves, or our
//! neighbours, would look behind our walls.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// Which addresses are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allowed {
    /// Those of the public internet, by TLS alone.
    Public,
    /// Loopback too, and without TLS: for trying things out on one machine.
    Loopback,
}

/// Why an address of an endpoint is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidUrl {
    /// It is none, has a name or password in it, or a fragment, or is too long.
    #[error("this is no address that webhooks can go to")]
    Malformed,
    /// It is not `https`.
    #[error("webhooks go by https alone")]
    Insecure,
    /// It leads into a private network, or to this machine.
    #[error("this address is not on the public internet")]
    Private,
}

/// Longest address.
const LONGEST: usize = 2_000;

/// Checks an address of an endpoint as far as it can be without asking for the host: what the host's name stands for is checked
/// each time, when it is connected to.
///
/// # Errors
/// [`InvalidUrl`]
pub fn check_url(text: &str, allowed: Allowed) -> Result<Url, InvalidUrl> {
    let url = Url::parse(text).map_err(|_| InvalidUrl::Malformed)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    if !plain || text.len() > LONGEST || !matches!(url.scheme(), "http" | "https") {
        return Err(InvalidUrl::Malformed);
    }
    let literal = match url.host().ok_or(InvalidUrl::Malformed)? {
        Host::Domain(name) => {
            let name = name.trim_end_matches('.');
            // Names that stand for this machine everywhere (RFC 6761), whatever a resolver says.
            let local = name == "localhost" || name.ends_with(".localhost");
            if local && allowed == Allowed::Public {
                return Err(InvalidUrl::Private);
            }
            None
        }
        Host::Ipv4(address) => Some(IpAddr::V4(address)),
        Host::Ipv6(address) => Some(IpAddr::V6(address)),
    };
    if literal.is_some_and(|address| !allowed.admits(address)) {
        return Err(InvalidUrl::Private);
    }
    if url.scheme() == "http" && allowed == Allowed::Public {
        return Err(InvalidUrl::Insecure);
    }
    Ok(url)
}

impl Allowed {
    /// Whether a connection may be made to `address`.
    pub fn admits(self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        is_public(address) || (self == Self::Loopback && address.is_loopback())
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => is_public_v6(address),
    }
}

/// Not in a block of the registry of special addresses (RFC 6890) that is not globally reachable.
fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    !(address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        // Shared by carriers, benchmarks, protocol assignments, relays of 6to4, reserved.
        || (a == 100 && (64..128).contains(&b))
        || (a == 198 && (b == 18 || b == 19))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || a >= 240)
}

/// In 2000::/3, the only block that is given out, and not one that carries another address in it or stands for none.
fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    let given_out = segments[0] & 0xe000 == 0x2000;
    let documentation = (segments[0] == 0x2001 && segments[1] == 0x0db8) || segments[0] == 0x3fff;
    // Teredo, ORCHID and other protocols in 2001::/23, and 6to4.
    let carries = (segments[0] == 0x2001 && segments[1] < 0x0200) || segments[0] == 0x2002;
    given_out && !documentation && !carries
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_networks_are_refused_however_they_are_written() {
        for address in [
            "10.0.0.1",
            "172.16.3.4",
            "192.168.1.1",
            "127.0.0.1",
            "127.255.1.1",
            "169.254.169.254",
            "0.0.0.0",
            "100.64.0.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "203.0.113.9",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "192.88.99.1",
            "::1",
            "::",
            "::ffff:10.0.0.1",
            "::ffff:127.0.0.1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "64:ff9b::7f00:1",
            "2001::1",
            "3fff::1",
            "100::1",
        ] {
            assert!(!Allowed::Public.admits(address.parse().unwrap()), "{address}");
        }
        for address in ["8.8.8.8", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4002::1"]
        {
            assert!(Allowed::Public.admits(address.parse().unwrap()), "{address}");
        }
        assert!(Allowed::Loopback.admits("127.0.0.1".parse().unwrap()));
        assert!(Allowed::Loopback.admits("::1".parse().unwrap()));
        assert!(!Allowed::Loopback.admits("10.0.0.1".parse().unwrap()));
    }

    #[test]
    fn an_address_of_an_endpoint_is_public_and_by_tls() {
        let check = |text: &str| check_url(text, Allowed::Public).map(drop);
        assert_eq!(check("https://hooks.client.example/sblocco?x=1"), Ok(()));
        for text in ["http://hooks.client.example/", "http://8.8.8.8/"] {
            assert_eq!(check(text), Err(InvalidUrl::Insecure), "{text}");
        }
        for text in [
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://localhost/",
            "https://a.localhost./",
            "https://169.254.169.254/latest",
        ] {
            assert_eq!(check(text), Err(InvalidUrl::Private), "{text}");
        }
        for text in
            ["", "hooks", "ftp://x.example/", "https://u:p@x.example/", "https://x.example/#a", "file:///etc/passwd"]
        {
            assert_eq!(check(text), Err(InvalidUrl::Malformed), "{text}");
        }
        assert_eq!(check(&format!("https://x.example/{}", "a".repeat(2_000))), Err(InvalidUrl::Malformed));
        assert!(check_url("http://127.0.0.1:8080/x", Allowed::Loopback).is_ok());
    }
}
