//! Choices of players, as entries tell them.

use super::Kind;
use serde_json::Value;

/// Fields of an event or a vote that tell a choice.
pub(super) const SECRET: [&str; 3] = ["input", "choice", "data"];
/// Name of the act by which the operator chooses for a player.
pub(super) const PROXY: &str = "proxy";

pub(super) fn is_proxy(body: &Value) -> bool {
    body.get("name").is_some_and(|name| name == PROXY)
}

/// Returns the words by which an event, a vote or a choice for a player tells the choice; none if it tells none.
pub(super) fn words(kind: Kind, body: &Value) -> Vec<String> {
    let told = match kind == Kind::Act {
        true => body.get("args").filter(|_| is_proxy(body)),
        false => Some(body),
    };
    let text = |value: &Value| value.as_str().map(str::to_owned).filter(|text| !text.is_empty());
    let fields = SECRET.iter().filter_map(|field| told?.get(field));
    let inner = fields.flat_map(|value| match value.as_object() {
        Some(data) => data.values().filter_map(text).collect(),
        None => text(value).into_iter().collect::<Vec<_>>(),
    });
    inner.collect()
}
