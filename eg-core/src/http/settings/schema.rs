//! JSON Schema of settings, read as the parts of a form.

use eg_page::Lang;
use serde_json::Value;

/// Depth to which references are followed; a schema that goes deeper refers to itself.
const DEEPEST: usize = 16;

/// Schema of one value, in the document that its references lead into.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Schema<'a> {
    document: &'a Value,
    node: &'a Value,
}

/// Kind of form that a value has.
#[derive(Debug)]
pub(in crate::http) enum Shape<'a> {
    /// One line of text.
    Text,
    /// Length of time, such as `60s`.
    Span,
    /// Number within its bounds.
    Number {
        /// `true` if it has no fraction.
        whole: bool,
        /// Least number that is allowed.
        least: Option<&'a Value>,
        /// Greatest number that is allowed.
        most: Option<&'a Value>,
    },
    /// Number or text, as it is written.
    Free,
    /// Yes or no.
    Tick,
    /// One word of several.
    Choice(Vec<Branch<'a>>),
    /// Several of these words.
    Ticks(Vec<Branch<'a>>),
    /// Texts, lengths of time or numbers, one in each line.
    Lines(Schema<'a>),
    /// Values of any other kind, one below the other.
    List(Schema<'a>),
    /// Values by name.
    Map(Schema<'a>),
    /// Keys of a mapping.
    Group(Vec<Key<'a>>),
    /// Mapping that may be left out as a whole.
    Optional(Schema<'a>),
    /// One of several kinds of value.
    Branches(Vec<Branch<'a>>),
}

/// Key of a mapping.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct Key<'a> {
    /// Name as it stands in the file.
    pub(in crate::http) name: &'a str,
    /// Schema of its value.
    pub(in crate::http) schema: Schema<'a>,
    /// `true` if it must be written.
    pub(in crate::http) required: bool,
    /// Value that counts when it is not written; `None` if there is none.
    pub(in crate::http) default: Option<&'a Value>,
}

/// One of several kinds of value.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) enum Branch<'a> {
    /// This word.
    Word(&'a str, Schema<'a>),
    /// Mapping with this one key: the schema of the whole, and that of its value.
    Tagged(&'a str, Schema<'a>, Schema<'a>),
    /// Number or text.
    Plain(Schema<'a>),
}

impl<'a> Schema<'a> {
    /// Reads a whole document.
    pub(in crate::http) fn of(document: &'a Value) -> Self {
        Self { document, node: document }
    }

    fn at(self, node: &'a Value) -> Self {
        Self { node, ..self }
    }

    /// Follows references, and leaves out the `null` that stands for a value that is not written.
    fn resolved(self) -> &'a Value {
        let mut node = self.node;
        for _ in 0..DEEPEST {
            let named = node["$ref"].as_str().and_then(|name| name.strip_prefix('#'));
            if let Some(found) = named.and_then(|pointer| self.document.pointer(pointer)) {
                node = found;
                continue;
            }
            match node["anyOf"].as_array().map(Vec::as_slice) {
                Some([one, null] | [null, one]) if null["type"] == "null" => node = one,
                _ => break,
            }
        }
        node
    }

    /// Returns `true` if `null` stands for a value that is not written.
    fn is_optional(self) -> bool {
        let nodes = self.node["anyOf"].as_array().into_iter().flatten();
        nodes.chain([self.node]).any(|node| is_type(node, "null"))
    }

    /// Returns what the value is for, in French where the schema's `x-fr` says it.
    pub(in crate::http) fn about(self, lang: Lang) -> Option<&'a str> {
        let of = |node: &'a Value| match lang {
            Lang::Fr => node["x-fr"]["description"].as_str().or(node["description"].as_str()),
            Lang::En => node["description"].as_str(),
        };
        of(self.node).or_else(|| of(self.resolved()))
    }

    /// Returns the title of the value's field: in French that of the schema's `x-fr`, in English its name in words.
    pub(in crate::http) fn title(self, name: &str, lang: Lang) -> String {
        let said = match lang {
            Lang::Fr => self.node["x-fr"]["title"].as_str(),
            Lang::En => None,
        };
        said.map_or_else(|| in_words(name), str::to_owned)
    }

    /// Returns the kind of form that the value has.
    pub(in crate::http) fn shape(self) -> Shape<'a> {
        let node = self.resolved();
        if node["properties"].is_object() && self.is_optional() {
            return Shape::Optional(self.at(node));
        }
        if let Some(kinds) = node["oneOf"].as_array() {
            return self.one_of(kinds);
        }
        let of = |name: &str| is_type(node, name);
        if of("boolean") {
            Shape::Tick
        } else if of("integer") || of("number") {
            let bound = |name: &str| node.get(name).filter(|bound| bound.is_number());
            let (least, most) = (bound("minimum"), bound("maximum"));
            Shape::Number { whole: of("integer"), least, most }
        } else if of("array") {
            self.list(self.at(&node["items"]))
        } else if let Some(keys) = node["properties"].as_object() {
            let required = |name: &str| {
                let mut names = node["required"].as_array().into_iter().flatten();
                names.any(|required| required == name)
            };
            let key = |(name, node): (&'a String, &'a Value)| {
                let default = node.get("default").filter(|value| !value.is_null());
                Key { name, schema: self.at(node), required: required(name), default }
            };
            let (first, rest): (Vec<_>, Vec<_>) = keys.iter().map(key).partition(|it| it.required);
            Shape::Group([first, rest].concat())
        } else if of("object") {
            let named = node["patternProperties"].as_object().and_then(|all| all.values().next());
            Shape::Map(self.at(named.unwrap_or(&node["additionalProperties"])))
        } else if of("string") {
            let is_span = node["pattern"].as_str().is_some_and(|it| it.contains("(ns|us|ms|s|"));
            if is_span { Shape::Span } else { Shape::Text }
        } else {
            Shape::Free
        }
    }

    fn list(self, items: Self) -> Shape<'a> {
        match items.shape() {
            Shape::Choice(words) => Shape::Ticks(words),
            Shape::Text | Shape::Span | Shape::Number { .. } | Shape::Free => Shape::Lines(items),
            Shape::Tick
            | Shape::Ticks(_)
            | Shape::Lines(_)
            | Shape::List(_)
            | Shape::Map(_)
            | Shape::Group(_)
            | Shape::Optional(_)
            | Shape::Branches(_) => Shape::List(items),
        }
    }

    fn one_of(self, kinds: &'a [Value]) -> Shape<'a> {
        let branches: Vec<_> = kinds.iter().map(|node| self.branch(node)).collect();
        if branches.iter().all(|branch| matches!(branch, Branch::Word(..))) {
            Shape::Choice(branches)
        } else if branches.iter().all(|branch| matches!(branch, Branch::Plain(_))) {
            Shape::Free
        } else {
            Shape::Branches(branches)
        }
    }

    fn branch(self, node: &'a Value) -> Branch<'a> {
        let schema = self.at(node);
        if let Some(word) = node["const"].as_str() {
            return Branch::Word(word, schema);
        }
        match node["properties"].as_object().and_then(|keys| keys.iter().next()) {
            Some((key, inner)) => Branch::Tagged(key, schema, self.at(inner)),
            None => Branch::Plain(schema),
        }
    }
}

impl<'a> Branch<'a> {
    /// Returns the name by which a form tells the branch apart from the others.
    pub(in crate::http) fn id(&self) -> String {
        match self {
            Self::Word(word, _) => (*word).to_owned(),
            Self::Tagged(key, ..) => format!("{key}:"),
            Self::Plain(_) => "=".to_owned(),
        }
    }

    /// Returns `true` if a value is of this kind.
    pub(in crate::http) fn has(&self, value: &Value) -> bool {
        match self {
            Self::Word(word, _) => value == word,
            Self::Tagged(key, ..) => value.get(key).is_some(),
            Self::Plain(_) => !value.is_object() && !value.is_null(),
        }
    }
}

fn is_type(node: &Value, name: &str) -> bool {
    match &node["type"] {
        Value::Array(names) => names.iter().any(|it| it == name),
        only @ (Value::Null
        | Value::Bool(_)
        | Value::Number(_)
        | Value::String(_)
        | Value::Object(_)) => only == name,
    }
}

/// Returns a name in words: `soft_close` is `Soft close`.
fn in_words(name: &str) -> String {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
