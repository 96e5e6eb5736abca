//! Fields that hold others: lists, values by name, mappings that may be left out, and one of several kinds.

use super::{Field, Form, Place, described, id};
use crate::http::settings::{Branch, Schema, Shape};
use maud::{Markup, html};
use serde_json::{Value, json};

impl Form<'_> {
    pub(super) fn list(&self, field: &Field<'_>, item: Schema<'_>) -> Markup {
        let place = &field.place;
        let items = field.value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let number = |at: usize| (at + 1).to_string();
        let change =
            |act: &str, at: usize| json!({"act": act, "list": place.name, "item": at}).to_string();
        self.set(field, html! {
            input type="hidden" name=(place.also("#")) value=(items.len());
            @for (at, value) in items.iter().enumerate() {
                div.item {
                    (self.field(&Field {
                        title: format!("{} {}", field.title, number(at)),
                        about: None,
                        schema: item,
                        place: place.item(at),
                        value: Some(value),
                        default: None,
                        required: true,
                    }))
                    div.row {
                        @if at > 0 {
                            button type="button" data-change=(change("up", at))
                                aria-label=(self.voice.with("settings-up", "item", format!("{} {}", field.title, number(at)))) { "↑" }
                        }
                        button type="button" data-change=(change("remove", at))
                            aria-label=(self.voice.with("settings-remove", "item", format!("{} {}", field.title, number(at)))) {
                            (self.voice.say("settings-remove-plain"))
                        }
                    }
                }
            }
            (self.add(field))
        })
    }

    pub(super) fn map(&self, field: &Field<'_>, item: Schema<'_>) -> Markup {
        let place = &field.place;
        let pairs: Vec<_> = field.value.and_then(Value::as_object).into_iter().flatten().collect();
        let change =
            |at: usize| json!({"act": "remove", "list": place.name, "item": at}).to_string();
        self.set(field, html! {
            input type="hidden" name=(place.also("#")) value=(pairs.len());
            @for (at, (key, value)) in pairs.iter().enumerate() {
                @let row = format!("{}/{at}", place.name);
                @let number = (at + 1).to_string();
                @let name = format!("{row}/key");
                div.pair {
                    div.field {
                        label for=(id(&name)) { (self.voice.with("settings-key", "n", &number)) }
                        input.mono type="text" id=(id(&name)) name=(name) value=(key) spellcheck="false" autocapitalize="none";
                    }
                    (self.field(&Field {
                        title: self.voice.with("settings-value", "n", &number),
                        about: None,
                        schema: item,
                        place: Place { name: format!("{row}/value"), path: place.path.key(key.as_str()) },
                        value: Some(*value).filter(|value| !value.is_null()),
                        default: None,
                        required: true,
                    }))
                    button type="button" data-change=(change(at))
                        aria-label=(self.voice.with("settings-remove", "item", &number)) {
                        (self.voice.say("settings-remove-plain"))
                    }
                }
            }
            (self.add(field))
        })
    }

    fn add(&self, field: &Field<'_>) -> Markup {
        let name = field.place.also("+");
        let change = json!({"act": "add", "list": field.place.name}).to_string();
        html! {
            div {
                button type="button" id=(id(&name)) data-change=(change) {
                    (self.voice.with("settings-add", "list", &field.title))
                }
            }
        }
    }

    pub(super) fn optional(&self, field: &Field<'_>, inner: Schema<'_>) -> Markup {
        let kind = field.place.also("#");
        let on = field.value.is_some();
        let Shape::Group(keys) = inner.shape() else { return html! {} };
        self.set(field, html! {
            label.tick {
                input type="checkbox" id=(id(&kind)) name=(kind) checked[on] data-whole value="on";
                (self.voice.say("settings-on"))
            }
            @if let Some(value) = field.value {
                @for key in &keys { (self.key(key, &field.place, value)) }
            }
        })
    }

    pub(super) fn branches(&self, field: &Field<'_>, branches: &[Branch<'_>]) -> Markup {
        let kind = field.place.also("#");
        let chosen =
            branches.iter().find(|branch| field.value.is_some_and(|value| branch.has(value)));
        let is_chosen = |branch: &Branch<'_>| chosen.is_some_and(|it| it.id() == branch.id());
        self.set(field, html! {
            div.field {
                select id=(id(&kind)) name=(kind) data-whole aria-label=(field.title) aria-describedby=(described(&field.place.name)) {
                    @if chosen.is_none() || !field.required {
                        option value="" selected[chosen.is_none()] { (self.voice.say("settings-none")) }
                    }
                    @for branch in branches {
                        option value=(branch.id()) selected[is_chosen(branch)] { (self.label(branch)) }
                    }
                }
            }
            @if let Some(branch) = chosen { (self.branch(field, branch)) }
        })
    }

    /// Renders the fields of the kind of value that is chosen.
    fn branch(&self, field: &Field<'_>, branch: &Branch<'_>) -> Markup {
        let (title, schema, place, value) = match branch {
            Branch::Word(..) => return html! {},
            Branch::Tagged(key, schema, inner) => {
                let value = field.value.and_then(|value| value.get(key));
                (schema.title(key, self.voice.lang), *inner, field.place.key(key), value)
            }
            Branch::Plain(schema) => {
                let place = Place { name: field.place.also("/="), path: field.place.path.clone() };
                (self.voice.say("settings-number"), *schema, place, field.value)
            }
        };
        let value = value.filter(|value| !value.is_null());
        self.field(&Field {
            title,
            about: None,
            schema,
            place,
            value,
            default: None,
            required: true,
        })
    }
}
