//! serde's view of a node: what a type asks for, answered with what is written.

use serde::de::{Deserializer, Error as _, Visitor};

use super::parts::{Entries, Items, LocatedParts, Variant};
use super::reader::Reader;
use super::stop::Stop;
use crate::located::LOCATED;
use crate::tree::Shape;

impl Reader<'_> {
    fn visit_text<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.text() {
            Some(text) => {
                self.texts.add(self.node);
                visitor.visit_str(text)
            }
            None => self.visit(visitor),
        }
    }

    fn visit_number<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.tree.number_of_key(self.node) {
            Some(number) => visit_int(number, visitor),
            None => self.visit(visitor),
        }
    }

    fn visit<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.shape() {
            Shape::Null => visitor.visit_unit(),
            Shape::Bool(value) => visitor.visit_bool(*value),
            Shape::Int(value) => visit_int(*value, visitor),
            Shape::Float(value) => visitor.visit_f64(*value),
            Shape::Text(text) => visitor.visit_str(text),
            Shape::List(_) => self.visit_list(visitor),
            Shape::Map(_) => self.visit_map(visitor),
        }
    }

    /// A list; every item has to be taken, so that one too many is a mistake.
    fn visit_list<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        let items = self.tree.items(self.node);
        let mut left = Items { reader: self, items: items.iter() };
        let value = visitor.visit_seq(&mut left)?;
        match left.items.len() {
            0 => Ok(value),
            more => Err(Stop::invalid_length(
                items.len(),
                &format!("a list of {}", items.len() - more).as_str(),
            )),
        }
    }

    fn visit_map<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_map(Entries::new(self))
    }

    /// A mapping for a visitor that would take a list too.
    fn visit_struct<'de, V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        match self.shape() {
            Shape::Null | Shape::Map(_) => self.visit_map(visitor),
            Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) | Shape::Text(_) | Shape::List(_) => {
                Err(self.misfit("a mapping".to_owned()))
            }
        }
    }

    fn visit_enum<'de, V: Visitor<'de>>(
        self,
        known: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        match (self.text(), self.tree.entries(self.node)) {
            (Some(_), _) => {
                visitor.visit_enum(Variant { reader: self, name: self.node, value: None })
            }
            (None, [(key, value)]) => {
                visitor.visit_enum(Variant { reader: self, name: *key, value: Some(*value) })
            }
            (None, _) => Err(self.misfit(format!("one of {}", known.join(", ")))),
        }
    }
}

fn visit_int<'de, V: Visitor<'de>>(value: i128, visitor: V) -> Result<V::Value, Stop> {
    match (u64::try_from(value), i64::try_from(value)) {
        (Ok(value), _) => visitor.visit_u64(value),
        (_, Ok(value)) => visitor.visit_i64(value),
        (_, _) => visitor.visit_i128(value),
    }
}

macro_rules! read {
    ($($method:ident($($name:ident: $kind:ty),*) |$self:ident, $visitor:ident| $body:expr;)+) => {$(
        fn $method<V: Visitor<'de>>($self, $($name: $kind,)* $visitor: V) -> Result<V::Value, Stop> {
            if let Some(placeholder) = $self.placeholder() {
                return placeholder.$method($($name,)* $visitor).map_err(|stop| stop.or_at($self.node));
            }
            let value: Result<V::Value, Stop> = $body;
            value.map_err(|stop| stop.or_at($self.node))
        }
    )+};
}

macro_rules! read_as_written {
    ($($method:ident)+) => { read! { $($method() |self, visitor| self.visit(visitor);)+ } };
}

macro_rules! read_as_number {
    ($($method:ident)+) => { read! { $($method() |self, visitor| self.visit_number(visitor);)+ } };
}

impl<'de> Deserializer<'de> for Reader<'_> {
    type Error = Stop;

    read_as_written! {
        deserialize_any deserialize_bool deserialize_bytes deserialize_byte_buf deserialize_unit
    }

    read_as_number! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64 deserialize_i128
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64 deserialize_u128
        deserialize_f32 deserialize_f64
    }

    read! {
        deserialize_char() |self, visitor| self.deserialize_str(visitor);
        deserialize_string() |self, visitor| self.deserialize_str(visitor);
        deserialize_identifier() |self, visitor| self.deserialize_str(visitor);
        deserialize_str() |self, visitor| self.visit_text(visitor);
        deserialize_ignored_any() |self, visitor| visitor.visit_unit();
        deserialize_option() |self, visitor| match self.shape() {
            Shape::Null => visitor.visit_none(),
            Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) | Shape::Text(_) | Shape::List(_) | Shape::Map(_) => {
                visitor.visit_some(self)
            }
        };
        deserialize_seq() |self, visitor| match self.shape() {
            Shape::Null => self.visit_list(visitor),
            Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) | Shape::Text(_) | Shape::List(_) | Shape::Map(_) => {
                self.visit(visitor)
            }
        };
        deserialize_tuple(_length: usize) |self, visitor| self.deserialize_seq(visitor);
        deserialize_tuple_struct(_name: &'static str, _length: usize) |self, visitor| self.deserialize_seq(visitor);
        deserialize_unit_struct(_name: &'static str) |self, visitor| self.visit(visitor);
        deserialize_map() |self, visitor| match self.shape() {
            Shape::Null => self.visit_map(visitor),
            Shape::Bool(_) | Shape::Int(_) | Shape::Float(_) | Shape::Text(_) | Shape::List(_) | Shape::Map(_) => {
                self.visit(visitor)
            }
        };
        deserialize_struct(_name: &'static str, _fields: &'static [&'static str]) |self, visitor| {
            self.visit_struct(visitor)
        };
        deserialize_enum(_name: &'static str, variants: &'static [&'static str]) |self, visitor| {
            self.visit_enum(variants, visitor)
        };
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let value = match self.placeholder() {
            Some(placeholder) => placeholder.deserialize_newtype_struct(name, visitor),
            None if name == LOCATED => visitor.visit_seq(LocatedParts::new(self)),
            None => visitor.visit_newtype_struct(self),
        };
        value.map_err(|stop| stop.or_at(self.node))
    }
}
