use eg_mqtt::connect;

use crate::scripted::{Broker, connected, filters, lost};

#[tokio::test]
async fn subscribes_again_only_when_the_broker_kept_no_session() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.persistent = true;
    let (_client, mut incoming) = connect(options, filters(["eg/a", "eg/b"])).unwrap();

    let mut first = broker.accept(false).await;
    let asked_first = first.read().await.unwrap();
    first.grant(&asked_first, &[1, 1]).await;
    let at_first = connected(&mut incoming).await;
    drop(first);
    lost(&mut incoming).await;

    let known = broker.accept(true).await;
    let when_known = connected(&mut incoming).await;
    drop(known);
    lost(&mut incoming).await;

    let mut forgotten = broker.accept(false).await;
    let asked_again = forgotten.read().await.unwrap();
    forgotten.grant(&asked_again, &[1, 1]).await;
    let when_forgotten = connected(&mut incoming).await;

    assert_eq!(at_first, (false, vec![]));
    assert_eq!(when_known, (true, vec![]));
    assert_eq!(when_forgotten, (false, vec![]));
    assert_eq!(asked_first.body[2..], asked_again.body[2..]);
}

#[tokio::test]
async fn renews_its_subscriptions_once_even_if_the_broker_knows_an_older_list() {
    let broker = Broker::start().await;
    let mut options = broker.options();
    options.persistent = true;
    let (_client, mut incoming) = connect(options, filters(["eg/new"])).unwrap();

    let mut peer = broker.accept(true).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1]).await;

    assert_eq!(connected(&mut incoming).await, (true, vec![]));
}

#[tokio::test]
async fn names_the_filters_that_were_refused() {
    let broker = Broker::start().await;
    let (_client, mut incoming) = connect(broker.options(), filters(["eg/a", "eg/b"])).unwrap();

    let mut peer = broker.accept(false).await;
    let asked = peer.read().await.unwrap();
    peer.grant(&asked, &[1, 0x80]).await;

    assert_eq!(connected(&mut incoming).await, (false, vec!["eg/b".to_owned()]));
}
