//! Lists, mappings, variants and positions, part by part.

use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, MapAccess, SeqAccess,
    VariantAccess, Visitor,
};

use super::reader::Reader;
use super::stop::{Origin, Stop};
use crate::tree::{NodeId, Shape};

/// The items of a list.
pub(super) struct Items<'t> {
    pub(super) reader: Reader<'t>,
    pub(super) items: slice::Iter<'t, NodeId>,
}

impl<'de> SeqAccess<'de> for &mut Items<'_> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        let reader = self.reader;
        let next = self.items.find(|item| !reader.recovery.is_left_out(**item));
        next.map(|item| seed.deserialize(reader.at(*item)).map_err(|stop| stop.or_at(*item)))
            .transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a mapping, then its missing keys that were patched.
pub(super) struct Entries<'t> {
    reader: Reader<'t>,
    entries: slice::Iter<'t, (NodeId, NodeId)>,
    lacking: slice::Iter<'t, &'static str>,
    value: Option<Origin>,
}

impl<'t> Entries<'t> {
    pub(super) fn new(reader: Reader<'t>) -> Self {
        Self {
            reader,
            entries: reader.tree.entries(reader.node).iter(),
            lacking: reader.recovery.lacking(reader.node).iter(),
            value: None,
        }
    }
}

impl<'de> MapAccess<'de> for Entries<'_> {
    type Error = Stop;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        let reader = self.reader;
        if let Some((key, value)) = self.entries.find(|entry| !reader.recovery.is_left_out(entry.1))
        {
            self.value = Some(Origin::Node(*value));
            return seed.deserialize(reader.at(*key)).map_err(|stop| stop.or_at(*key)).map(Some);
        }
        let Some(key) = self.lacking.next() else { return Ok(None) };
        let origin = Origin::Lacking(reader.node, key);
        self.value = Some(origin);
        seed.deserialize(StrDeserializer::new(key))
            .map_err(|_: Stop| Stop::placeholder(origin))
            .map(Some)
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        match self.value.take() {
            Some(Origin::Node(value)) => {
                seed.deserialize(self.reader.at(value)).map_err(|stop| stop.or_at(value))
            }
            Some(origin @ Origin::Lacking(_, _)) => seed
                .deserialize(self.reader.recovery.placeholder(origin))
                .map_err(|_| Stop::placeholder(origin)),
            None => Err(serde::de::Error::custom("a value was asked for before its key")),
        }
    }
}

/// A variant of an enum: its name, and what is written under it.
pub(super) struct Variant<'t> {
    pub(super) reader: Reader<'t>,
    pub(super) name: NodeId,
    pub(super) value: Option<NodeId>,
}

impl Variant<'_> {
    /// Returns what is written under the name, which has to be something.
    fn value(&self, wanted: &str) -> Result<Reader<'_>, Stop> {
        match self.value {
            Some(value) => Ok(self.reader.at(value)),
            None => Err(self.reader.misfit(format!("{wanted} under the name"))),
        }
    }
}

/// Value of a name that stands alone: nothing, which is enough for a value that may be left out.
struct Bare<'t>(Reader<'t>);

impl<'de> Deserializer<'de> for Bare<'_> {
    type Error = Stop;

    fn deserialize_any<V: Visitor<'de>>(self, _: V) -> Result<V::Value, Stop> {
        Err(self.0.misfit("a value under the name".to_owned()))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_none()
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

impl<'de, 't> EnumAccess<'de> for Variant<'t> {
    type Error = Stop;
    type Variant = Self;

    fn variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<(S::Value, Self), Stop> {
        let name =
            seed.deserialize(self.reader.at(self.name)).map_err(|stop| stop.or_at(self.name))?;
        Ok((name, self))
    }
}

impl<'de> VariantAccess<'de> for Variant<'_> {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        match self.value.map(|value| self.reader.at(value)) {
            Some(reader) if !matches!(reader.shape(), Shape::Null) => {
                Err(reader.misfit("the name alone".to_owned()))
            }
            Some(_) | None => Ok(()),
        }
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Stop> {
        match self.value.map(|value| self.reader.at(value)) {
            Some(reader) => seed.deserialize(reader).map_err(|stop| stop.or_at(reader.node)),
            None => seed.deserialize(Bare(self.reader)),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, visitor: V) -> Result<V::Value, Stop> {
        let reader = self.value("a list")?;
        serde::Deserializer::deserialize_seq(reader, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let reader = self.value("a mapping")?;
        serde::Deserializer::deserialize_struct(reader, "", fields, visitor)
    }
}

/// Line, column, width, path and text of a node, whether it stands under a misspelt key, and its value.
pub(super) struct LocatedParts<'t> {
    reader: Reader<'t>,
    part: usize,
}

impl<'t> LocatedParts<'t> {
    pub(super) fn new(reader: Reader<'t>) -> Self {
        Self { reader, part: 0 }
    }
}

impl<'de> SeqAccess<'de> for LocatedParts<'_> {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        let (tree, node) = (self.reader.tree, self.reader.node);
        let place = tree.place(node);
        self.part += 1;
        let part = match self.part {
            1 => seed.deserialize(place.line.into_deserializer()),
            2 => seed.deserialize(place.column.into_deserializer()),
            3 => seed.deserialize(place.width.into_deserializer()),
            4 => seed.deserialize(tree.path(tree.under(node)).to_string().into_deserializer()),
            5 => seed.deserialize(place.text.into_deserializer()),
            6 => seed.deserialize(self.reader.recovery.is_guess(tree, node).into_deserializer()),
            7 => seed.deserialize(self.reader).map_err(|stop: Stop| stop.or_at(node)),
            _ => return Ok(None),
        };
        part.map(Some)
    }
}
