//! Form made of a schema: every key with its title, its meaning, its default, and what is wrong with it.

mod nested;

use super::shown::Shown;
use crate::http::page::text::Localizer;
use crate::http::settings::{Branch, Key, Schema, Shape, one_line, told};
use eg_config::KeyPath;
use maud::{Markup, html};
use serde_json::{Value, json};

/// Place of a value: its field's name, and its path in the file.
#[derive(Clone)]
struct Place {
    name: String,
    path: KeyPath,
}

/// Value of a key with all that its field shows.
struct Field<'a> {
    title: String,
    about: Option<&'a str>,
    schema: Schema<'a>,
    place: Place,
    value: Option<&'a Value>,
    /// Value that counts when nothing is written.
    default: Option<&'a Value>,
    required: bool,
}

struct Form<'a> {
    voice: Localizer<'a>,
    /// Paths and words of what is wrong.
    wrong: Vec<(String, String)>,
}

/// Renders the fields of a game's settings.
pub(super) fn form(shown: &Shown<'_>, value: &Value) -> Markup {
    let schema = (shown.entry.schema)().to_value();
    let lang = shown.voice.lang;
    let wrong = shown.checked.as_ref().err().into_iter().flatten();
    let wrong = wrong.map(|it| (it.path.clone(), lang.of(&told(it)).to_owned())).collect();
    let form = Form { voice: shown.voice, wrong };
    let place = Place { name: String::new(), path: KeyPath::root() };
    match Schema::of(&schema).shape() {
        Shape::Group(keys) => html! { @for key in &keys { (form.key(key, &place, value)) } },
        Shape::Text
        | Shape::Span
        | Shape::Number { .. }
        | Shape::Free
        | Shape::Tick
        | Shape::Choice(_)
        | Shape::Ticks(_)
        | Shape::Lines(_)
        | Shape::List(_)
        | Shape::Map(_)
        | Shape::Optional(_)
        | Shape::Branches(_) => html! {},
    }
}

impl Place {
    fn key(&self, key: &str) -> Self {
        Self { name: format!("{}/{key}", self.name), path: self.path.key(key) }
    }

    fn item(&self, item: usize) -> Self {
        Self { name: format!("{}/{item}", self.name), path: self.path.index(item) }
    }

    /// Returns the field of the same value with another name, such as that of the kind of the value.
    fn also(&self, more: &str) -> String {
        format!("{}{more}", self.name)
    }
}

impl<'a> Form<'a> {
    fn key(&self, key: &Key<'_>, group: &Place, value: &Value) -> Markup {
        let lang = self.voice.lang;
        self.field(&Field {
            title: key.schema.title(key.name, lang),
            about: key.schema.about(lang),
            schema: key.schema,
            place: group.key(key.name),
            value: value.get(key.name).filter(|value| !value.is_null()).or(key.default),
            default: key.default,
            required: key.required,
        })
    }

    fn field(&self, field: &Field<'_>) -> Markup {
        let Field { schema, place, value, .. } = field;
        match schema.shape() {
            Shape::Text | Shape::Span | Shape::Number { .. } | Shape::Free => self.line(field),
            Shape::Tick => self.tick(field),
            Shape::Choice(words) => self.choice(field, &words),
            Shape::Lines(_) => self.lines(field),
            Shape::Ticks(words) => self.set(
                field,
                html! {
                    @for word in &words { (self.word(field, word)) }
                },
            ),
            Shape::List(item) => self.list(field, item),
            Shape::Map(item) => self.map(field, item),
            Shape::Group(keys) => {
                let empty = json!({});
                let value = value.unwrap_or(&empty);
                self.set(field, html! { @for key in &keys { (self.key(key, place, value)) } })
            }
            Shape::Optional(inner) => self.optional(field, inner),
            Shape::Branches(branches) => self.branches(field, &branches),
        }
    }

    /// Renders a field of one line.
    fn line(&self, field: &Field<'_>) -> Markup {
        let text = field.value.map(text).unwrap_or_default();
        let name = &field.place.name;
        let whole = matches!(field.schema.shape(), Shape::Number { whole: true, .. });
        let mode = match field.schema.shape() {
            Shape::Number { whole: true, .. } => Some("numeric"),
            Shape::Number { .. } => Some("decimal"),
            Shape::Text
            | Shape::Span
            | Shape::Free
            | Shape::Tick
            | Shape::Choice(_)
            | Shape::Ticks(_)
            | Shape::Lines(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Group(_)
            | Shape::Optional(_)
            | Shape::Branches(_) => None,
        };
        let example = matches!(field.schema.shape(), Shape::Span).then_some("60s");
        self.labelled(field, html! {
            input.mono[mode.is_some() || example.is_some()] type="text" id=(id(name)) name=(name) value=(text)
                inputmode=[mode] placeholder=[example] pattern=[whole.then_some("[0-9]*")]
                aria-describedby=(described(name)) aria-invalid=[self.invalid(field)] spellcheck="false"
                autocapitalize="none" aria-required=[field.required.then_some("true")];
        })
    }

    fn lines(&self, field: &Field<'_>) -> Markup {
        let items = field.value.and_then(Value::as_array);
        let text = items.into_iter().flatten().map(text).collect::<Vec<_>>();
        let (name, rows) = (&field.place.name, text.len().clamp(2, 8));
        self.labelled(field, html! {
            textarea id=(id(name)) name=(name) rows=(rows) spellcheck="false" aria-describedby=(described(name))
                aria-invalid=[self.invalid(field)] aria-required=[field.required.then_some("true")] { (text.join("\n")) }
        })
    }

    fn tick(&self, field: &Field<'_>) -> Markup {
        let name = &field.place.name;
        let on = field.value == Some(&Value::Bool(true));
        html! {
            div.field {
                label.tick {
                    input type="checkbox" id=(id(name)) name=(name) checked[on] aria-describedby=(described(name));
                    (field.title)
                }
                (self.hint(field))
            }
        }
    }

    fn choice(&self, field: &Field<'_>, words: &[Branch<'_>]) -> Markup {
        let name = &field.place.name;
        let chosen = |word: &Branch<'_>| field.value.is_some_and(|value| word.has(value));
        self.labelled(field, html! {
            select id=(id(name)) name=(name) aria-describedby=(described(name)) aria-invalid=[self.invalid(field)] {
                @if !field.required && field.default.is_none() {
                    option value="" { (self.voice.say("settings-none")) }
                }
                @for word in words {
                    option value=(word.id()) selected[chosen(word)] { (self.label(word)) }
                }
            }
        })
    }

    fn word(&self, field: &Field<'_>, word: &Branch<'_>) -> Markup {
        let name = format!("{}/{}", field.place.name, word.id());
        let items = field.value.and_then(Value::as_array);
        let on = items.is_some_and(|items| items.iter().any(|item| word.has(item)));
        html! {
            label.tick { input type="checkbox" id=(id(&name)) name=(name) checked[on]; (self.label(word)) }
        }
    }

    /// Returns the words of one choice: the word as it stands in the file, and what it means.
    fn label(&self, branch: &Branch<'_>) -> String {
        let (word, schema) = match branch {
            Branch::Word(word, schema) | Branch::Tagged(word, schema, _) => (*word, schema),
            Branch::Plain(_) => return self.voice.say("settings-number"),
        };
        let title = schema.about(self.voice.lang).map(plain);
        title.map_or_else(|| word.to_owned(), |about| format!("{word} · {about}"))
    }

    /// Renders a field with its label above it, and its hints below.
    fn labelled(&self, field: &Field<'_>, control: Markup) -> Markup {
        html! {
            div.field {
                label for=(id(&field.place.name)) {
                    span { (field.title) @if field.required { span.soft aria-hidden="true" { " *" } } }
                }
                (control)
                (self.hint(field))
            }
        }
    }

    /// Renders several fields that belong together.
    fn set(&self, field: &Field<'_>, inside: Markup) -> Markup {
        html! {
            fieldset aria-describedby=(described(&field.place.name)) {
                legend { (field.title) }
                (self.hint(field))
                (inside)
            }
        }
    }

    /// Renders what a field is for, what counts when nothing is written, its bounds, and what is wrong with it.
    fn hint(&self, field: &Field<'_>) -> Markup {
        let name = &field.place.name;
        let wrong = self.wrong_with(field).join("\n");
        let bounds = match field.schema.shape() {
            Shape::Number { least: Some(least), most: Some(most), .. } => {
                Some(self.voice.words.tell(
                    self.voice.lang,
                    "settings-between",
                    [("least", least.to_string().into()), ("most", most.to_string().into())],
                ))
            }
            Shape::Number { least: Some(least), .. } => {
                Some(self.voice.with("settings-least", "least", least))
            }
            Shape::Span => Some(self.voice.say("settings-span")),
            Shape::Lines(_) => Some(self.voice.say("settings-lines")),
            Shape::Text
            | Shape::Number { .. }
            | Shape::Free
            | Shape::Tick
            | Shape::Choice(_)
            | Shape::Ticks(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Group(_)
            | Shape::Optional(_)
            | Shape::Branches(_) => None,
        };
        let default = field
            .default
            .map(|value| self.voice.with("settings-default", "value", one_line(value)));
        html! {
            p.small.soft id=(format!("{}~about", id(name))) {
                @if let Some(about) = field.about { (plain(about)) " " }
                @for more in bounds.into_iter().chain(default) { span.more { (more) } " " }
            }
            p.small.bad.wrong id=(format!("{}~wrong", id(name))) { (wrong) }
        }
    }

    /// Returns what is wrong with a field and nothing inside it that has a field of its own.
    fn wrong_with(&self, field: &Field<'_>) -> Vec<String> {
        let path = field.place.path.to_string();
        let whole = matches!(
            field.schema.shape(),
            Shape::Lines(_) | Shape::Text | Shape::Span | Shape::Number { .. } | Shape::Free
        );
        let is_at = |at: &str| {
            at == path
                || whole && at.strip_prefix(&path).is_some_and(|rest| rest.starts_with(['[', '.']))
        };
        let here = self.wrong.iter().filter(|(at, _)| !at.is_empty() && is_at(at));
        here.map(|(_, words)| words.clone()).collect()
    }

    fn invalid(&self, field: &Field<'_>) -> Option<&'static str> {
        (!self.wrong_with(field).is_empty()).then_some("true")
    }
}

fn id(name: &str) -> String {
    format!("f{name}")
}

fn described(name: &str) -> String {
    format!("{0}~about {0}~wrong", id(name))
}

/// Returns a value as a person types it.
fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        value @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => {
            one_line(value)
        }
    }
}

/// Returns a description without the marks of its source.
fn plain(about: &str) -> String {
    about.replace('`', "")
}
