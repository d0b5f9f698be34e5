//! One destination after the other: zones, resolvers in Rust, reports,
//! verdicts, errors.

use mxsel::*;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::Arc;
use std::thread;

const ZONE: &str = "\
$ORIGIN example.org.
$TTL 300
@     IN SOA ns hostmaster 1 3600 600 86400 60
      IN NS ns
      IN MX 10 mx1
      IN MX 20 mx2
ns    IN A 192.0.2.53
mx1   IN A 192.0.2.1
      IN AAAA 2001:db8::1
mx2   IN A 192.0.2.2
equal IN MX 10 mx1
      IN MX 10 mx2
      IN MX 10 mx3
mx3   IN A 192.0.2.3
null  IN MX 0 .
";

fn options() -> Builder {
    Options::builder().zone(&Zone::from_text(ZONE).unwrap())
}

fn selection(destination: &str) -> Selection {
    Selection::new(destination, &options().build().unwrap()).unwrap()
}

fn addresses(selection: &mut Selection) -> String {
    let all: Vec<String> =
        selection.map(|attempt| attempt.unwrap().address).collect();
    all.join(" ")
}

#[test]
fn hosts_come_in_the_order_of_their_preference() {
    let mut selection = selection("example.org");
    let all = addresses(&mut selection);
    assert_eq!(all, "2001:db8::1 192.0.2.1 192.0.2.2");
    assert_eq!(selection.verdict().action, Action::Defer);
    assert_eq!(selection.verdict().code, 451);
    assert!(selection.next().is_none());
}

#[test]
fn an_attempt_says_what_a_connection_needs() {
    let attempt = selection("user@example.org").next().unwrap().unwrap();
    assert_eq!(attempt.host, "mx1.example.org");
    assert_eq!(attempt.source, Source::Mx);
    assert_eq!(attempt.posture, Posture::Opportunistic);
    assert_eq!(attempt.posture_reason, PostureReason::Default);
    assert_eq!(attempt.tls_identities, ["mx1.example.org"]);
    assert_eq!(
        attempt.socket_address().unwrap(),
        "[2001:db8::1]:25".parse().unwrap()
    );
    assert_eq!(attempt.to_string(), "10 mx1.example.org [2001:db8::1]:25");
}

#[test]
fn an_outcome_that_is_reported_becomes_the_verdict() {
    let mut selection = selection("example.org");
    while let Some(attempt) = selection.next() {
        attempt.unwrap();
        let reply = "5.1.1 No such user";
        selection.report_reply(Outcome::Rcpt, 550, reply).unwrap();
    }
    let verdict = selection.verdict();
    assert_eq!(verdict.action, Action::Bounce);
    assert_eq!(verdict.status, "5.1.1");
    assert_eq!(verdict.reply, "5.1.1 No such user");
    assert_eq!(verdict.host, "mx1.example.org");
}

#[test]
fn the_rest_of_a_host_is_left() {
    let mut selection = selection("example.org");
    selection.next().unwrap().unwrap();
    selection.leave_host();
    let attempt = selection.next().unwrap().unwrap();
    assert_eq!(attempt.host, "mx2.example.org");
    selection.rewind().unwrap();
    let attempt = selection.next().unwrap().unwrap();
    assert_eq!(attempt.host, "mx1.example.org");
}

#[test]
fn a_null_mx_bounces() {
    let mut selection = selection("null.example.org");
    assert!(selection.next().is_none());
    let verdict = selection.verdict();
    assert_eq!(verdict.reason, Reason::NullMx);
    assert_eq!(verdict.reason.to_string(), "null_mx");
    assert_eq!(verdict.status, "5.1.10");
}

#[test]
fn what_is_dropped_says_why() {
    let options = options()
        .self_name("mx2.example.org")
        .set(Setting::Trace, 1);
    let options = options.build().unwrap();
    let mut selection = Selection::new("example.org", &options).unwrap();
    addresses(&mut selection);
    let rejected = &selection.rejected()[0];
    assert_eq!(rejected.reason, Reject::Ourselves);
    assert_eq!(rejected.reason.name(), "self");
    assert_eq!(rejected.preference, 20);
    assert_eq!(rejected.rule(), "RFC 5321 5.1");
    assert!(selection.flags().contains("self"));
    assert_eq!(selection.trace()[0].event, Trace::Destination);
    assert_eq!(selection.ttl(), 300);
    assert_eq!(selection.domain(), "example.org");
}

#[test]
fn equal_seeds_give_equal_orders() {
    let order = |seed| {
        let options = options().seed(seed).build().unwrap();
        let mut selection =
            Selection::new("equal.example.org", &options).unwrap();
        assert_eq!(selection.seed(), Ok(seed));
        addresses(&mut selection)
    };
    assert_eq!(order(u64::MAX), order(u64::MAX));
    assert!((1..16).any(|seed| order(seed) != order(0)));
}

#[test]
fn a_selection_goes_on_where_it_was_saved() {
    let options = options().seed(3).build().unwrap();
    let mut first = Selection::new("equal.example.org", &options).unwrap();
    let reached = first.next().unwrap().unwrap();
    let bytes = first.save().unwrap();
    let mut second = Selection::resume(&bytes, &options).unwrap();
    assert_eq!(second.attempt(), Some(reached));
    assert_eq!(addresses(&mut second), addresses(&mut first));
    let nonsense = Selection::resume(b"nonsense", &options);
    assert_eq!(nonsense.err(), Some(Error::Syntax));
}

#[test]
fn a_selection_begins_again() {
    let mut selection = selection("null.example.org");
    addresses(&mut selection);
    selection.reset("[192.0.2.7]:2525").unwrap();
    let attempt = selection.next().unwrap().unwrap();
    assert_eq!((attempt.port, attempt.source), (2525, Source::Literal));
    selection.reset(b"example.org\0.example").unwrap();
    assert!(selection.next().is_none());
    assert_eq!(selection.verdict().reason, Reason::BadDestination);
}

#[test]
fn the_message_and_the_policy_say_how_securely() {
    let body = b"version: STSv1\nmode: enforce\nmx: mx2.example.org\n\
        max_age: 86400\n";
    let policy = Sts::new("example.org", body, 1000).unwrap();
    assert_eq!(policy.mode(), StsMode::Enforce);
    assert!(policy.matches("mx2.example.org"));
    assert_eq!(policy.expires(), 87400);
    let mut first = selection("example.org");
    first.set_sts(Some(&policy), 1001).unwrap();
    drop(policy);
    let attempt = first.next().unwrap().unwrap();
    assert_eq!(attempt.host, "mx2.example.org");
    assert_eq!(attempt.posture, Posture::Pkix);
    first.report_tls(TlsrptResult::CertificateExpired).unwrap();
    let results = first.tls_results();
    assert_eq!(results[0].result, TlsrptResult::ValidationFailure);
    assert_eq!(results[1].result, TlsrptResult::CertificateExpired);
    let mut second = selection("example.org");
    second.set_tls(TlsWish::Required).unwrap();
    assert!(second.next().is_none());
    assert_eq!(second.verdict().status, "5.7.30");
}

#[test]
fn errors_have_number_and_sentence() {
    let range = options()
        .set(Setting::Port, 70000)
        .self_name("a..b")
        .build();
    let range = range.err().unwrap();
    assert_eq!((range, range.number()), (Error::Range, -3));
    assert!(!range.to_string().is_empty());
    assert_ne!(range.to_string(), Error::Syntax.to_string());
    let boxed: Box<dyn std::error::Error + Send + Sync> = range.into();
    assert_eq!(boxed.to_string(), range.to_string());
    let file = Zone::from_files(&["/does/not/exist.zone"]);
    assert_eq!(file.err(), Some(Error::File));
    assert_eq!(Dns::at(&["nowhere"]).err(), Some(Error::Syntax));
    let nul = options().self_name("mx\0.example").build();
    assert_eq!(nul.err(), Some(Error::Syntax));
    let nobody = Options::builder().build().unwrap();
    let none = Selection::new("example.org", &nobody);
    assert_eq!(none.err(), Some(Error::Usage));
}

#[test]
fn an_attempt_can_be_reported_once() {
    let mut selection = selection("example.org");
    assert_eq!(selection.report(Outcome::Refused), Err(Error::Usage));
    selection.next().unwrap().unwrap();
    let wrong = selection.report_reply(Outcome::Rcpt, 250, "");
    assert_eq!(wrong, Err(Error::Range));
    assert_eq!(selection.report(Outcome::Other(99)), Err(Error::Range));
    selection.report(Outcome::Refused).unwrap();
    assert_eq!(selection.report(Outcome::Refused), Err(Error::Usage));
}

#[test]
fn settings_are_those_of_the_library() {
    let options = Options::builder()
        .family(Family::V4Only)
        .shuffle(Shuffle::None)
        .insecure_mx(InsecureMx::May)
        .dane(true)
        .self_address("192.0.2.77")
        .self_interfaces()
        .allow_network("10.0.0.0/8")
        .nat64("2001:db8:64::/96")
        .refuse_exchange("*.parked.example", 550)
        .build()
        .unwrap();
    assert_eq!(options.get(Setting::Family), Ok(5));
    assert_eq!(options.get(Setting::Dane), Ok(1));
    assert_eq!(options.get(Setting::Port), Ok(25));
    assert_eq!(Setting::MaxHosts.name(), "max_hosts");
    assert_eq!(Setting::from_name("max_hosts"), Some(Setting::MaxHosts));
    assert_eq!(Outcome::from_name("nonsense"), None);
    // A setting that is newer than this crate would be missing here.
    let last = Setting::from_name("dane_insecure_mx").unwrap().number();
    assert_eq!(Setting::Other(last + 1).name(), "");
}

#[test]
fn options_and_cache_are_shared_by_threads() {
    let cache = Cache::new(1 << 20).unwrap();
    cache.set(CacheSetting::Stale, 60).unwrap();
    let options = options().cache(&cache).seed(1).build().unwrap();
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let options = options.clone();
            thread::spawn(move || {
                let selection = Selection::new("example.org", &options);
                addresses(&mut selection.unwrap())
            })
        })
        .collect();
    for thread in threads {
        let all = thread.join().unwrap();
        assert_eq!(all, "2001:db8::1 192.0.2.1 192.0.2.2");
    }
    let mut moved = Selection::new("example.org", &options).unwrap();
    moved.next().unwrap().unwrap();
    let rest = thread::spawn(move || addresses(&mut moved)).join().unwrap();
    assert_eq!(rest, "192.0.2.1 192.0.2.2");
    assert!(cache.statistic(CacheStatistic::Hits) > 0);
    cache.forget_all().unwrap();
    assert_eq!(cache.statistic(CacheStatistic::Names), 0);
}

// -------------------------------------------------- a resolver in Rust

fn answered_by(resolver: impl Resolver + 'static) -> Selection {
    let options = Options::builder().resolver(resolver).build().unwrap();
    Selection::new("example.net", &options).unwrap()
}

#[test]
fn a_function_answers() {
    let asked = Arc::new(AtomicUsize::new(0));
    let counter = asked.clone();
    let mut selection = answered_by(move |question: &Question<'_>| {
        counter.fetch_add(1, Ordering::Relaxed);
        let answer = Answer::complete();
        match (question.record_type(), question.name()) {
            (RecordType::Mx, "example.net") => answer
                .mx(5, "mx.example", 60)
                .mx(6, &b"bad\0name.example"[..], 60),
            (_, "mx.example") => answer.alias("real.example", 30),
            (RecordType::A, _) => answer.address([192, 0, 2, 9], 20),
            _ => answer.negative_ttl(10),
        }
    });
    assert_eq!(addresses(&mut selection), "192.0.2.9");
    assert_eq!(selection.query_count(), asked.load(Ordering::Relaxed));
    assert_eq!(selection.rejected()[0].subject, "bad\\000name.example");
    assert_eq!(selection.ttl(), 10);
}

#[cfg(feature = "idn2")]
#[test]
fn an_internationalised_name_is_asked_for_in_ascii() {
    let resolver = |question: &Question<'_>| match question.name() {
        "xn--mller-kva.example" => Answer::ended(End::Servfail),
        _ => Answer::no_such_name(),
    };
    let options = Options::builder().resolver(resolver).idn();
    let options = options.build().unwrap();
    let mut selection = Selection::new("müller.example", &options).unwrap();
    assert!(selection.next().is_none());
    assert_eq!(selection.verdict().reason, Reason::DnsTemporary);
}

#[test]
fn a_validating_resolver_makes_dane_work() {
    let resolver = |question: &Question<'_>| {
        let answer = Answer::complete().security(Security::Secure);
        match question.record_type() {
            RecordType::Mx => answer.mx(5, "mx.example", 60),
            RecordType::A => answer.address([192, 0, 2, 9], 60),
            RecordType::Tlsa => answer.tlsa((3, 1, 1), [7; 32], 60),
            _ => answer.negative_ttl(60),
        }
    };
    let options = Options::builder().resolver(resolver).dane(true);
    let options = options.build().unwrap();
    let mut selection = Selection::new("example.net", &options).unwrap();
    let attempt = selection.next().unwrap().unwrap();
    assert_eq!(attempt.posture, Posture::Dane);
    assert_eq!(attempt.tlsa.len(), 1);
    assert_eq!(attempt.tlsa[0].data, [7; 32]);
    assert!(attempt.secure && selection.is_secure());
}

#[test]
fn how_an_answer_ends_decides() {
    let reason = |answer: Answer| {
        let mut selection = answered_by(move |_: &Question<'_>| answer.clone());
        assert!(selection.next().is_none());
        selection.verdict().reason
    };
    assert_eq!(reason(Answer::ended(End::Servfail)), Reason::DnsTemporary);
    let bogus = Answer::complete().security(Security::Bogus);
    assert_eq!(reason(bogus), Reason::DnsTemporary);
    assert_eq!(reason(Answer::no_such_name()), Reason::NoDomain);
    assert_eq!(reason(Answer::complete()), Reason::NoHost);
}

#[test]
fn a_wrong_answer_is_an_error_and_the_question_ends() {
    let mut selection = answered_by(|_: &Question<'_>| {
        Answer::complete().address([192, 0, 2, 1], 60)
    });
    assert_eq!(selection.next(), Some(Err(Error::Usage)));
    assert!(selection.next().is_none());
    assert_eq!(selection.verdict().reason, Reason::DnsTemporary);
}

#[test]
fn a_panic_in_a_resolver_ends_the_question() {
    let mut selection = answered_by(|question: &Question<'_>| -> Answer {
        panic!("asked for {}", question.name())
    });
    let next = std::panic::AssertUnwindSafe(|| selection.next());
    assert!(std::panic::catch_unwind(next).is_err());
    assert!(selection.next().is_none());
    assert_eq!(selection.verdict().reason, Reason::DnsTemporary);
}
