//! A value that pretends to be whatever is asked of it.

use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, MapAccess, SeqAccess, VariantAccess, Visitor,
};

use super::stop::{Origin, Stop};
use crate::located::LOCATED;

/// Deepest nesting of a placeholder before it gives up; types that contain themselves have no end.
const DEEPEST: usize = 12;

/// The texts a placeholder tries one after the other: forms that the texts of a file commonly take.
pub(crate) const WORDS: [&str; 4] = ["a", "1", "1s", "GPIO1"];

/// Stands in for a wrong or missing value, so that reading goes on behind it.
#[derive(Clone, Copy)]
pub(crate) struct Placeholder {
    pub(crate) origin: Origin,
    attempt: usize,
    depth: usize,
}

impl Placeholder {
    /// The stand-in at the given attempt, which is an index of [`WORDS`].
    pub(crate) fn new(origin: Origin, attempt: usize) -> Self {
        Self { origin, attempt, depth: 0 }
    }

    fn word(self) -> &'static str {
        WORDS.get(self.attempt).copied().unwrap_or_default()
    }

    fn inner(self) -> Result<Self, Stop> {
        if self.depth < DEEPEST {
            Ok(Self { depth: self.depth + 1, ..self })
        } else {
            Err(self.refused())
        }
    }

    fn refused(self) -> Stop {
        Stop::placeholder(self.origin)
    }

    fn seq<'de, V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Stop> {
        visitor
            .visit_seq(Items { placeholder: self.inner()?, left: length })
            .map_err(|_| self.refused())
    }

    fn fields<'de, V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        visitor
            .visit_map(Fields { placeholder: self.inner()?, fields: fields.iter() })
            .map_err(|_| self.refused())
    }
}

macro_rules! pretend {
    ($($method:ident => $visit:ident($($value:expr)?)),+ $(,)?) => {$(
        fn $method<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
            visitor.$visit($($value)?).map_err(|_: Stop| self.refused())
        }
    )+};
}

impl<'de> Deserializer<'de> for Placeholder {
    type Error = Stop;

    pretend! {
        deserialize_bool => visit_bool(false),
        deserialize_i8 => visit_i8(1),
        deserialize_i16 => visit_i16(1),
        deserialize_i32 => visit_i32(1),
        deserialize_i64 => visit_i64(1),
        deserialize_i128 => visit_i128(1),
        deserialize_u8 => visit_u8(1),
        deserialize_u16 => visit_u16(1),
        deserialize_u32 => visit_u32(1),
        deserialize_u64 => visit_u64(1),
        deserialize_u128 => visit_u128(1),
        deserialize_f32 => visit_f32(1.0),
        deserialize_f64 => visit_f64(1.0),
        deserialize_char => visit_char('a'),
        deserialize_bytes => visit_bytes(&[]),
        deserialize_byte_buf => visit_bytes(&[]),
        deserialize_ignored_any => visit_unit(),
        deserialize_unit => visit_unit(),
        deserialize_option => visit_none(),
    }

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        if self.attempt == 0 {
            self.deserialize_unit(visitor)
        } else {
            self.deserialize_str(visitor)
        }
    }

    fn deserialize_str<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        visitor.visit_str(self.word()).map_err(|_: Stop| self.refused())
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.deserialize_str(visitor)
    }

    fn deserialize_unit_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.deserialize_unit(visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        if name == LOCATED {
            return visitor.visit_newtype_struct(self.inner()?).map_err(|_| self.refused());
        }
        visitor.visit_newtype_struct(self).map_err(|_: Stop| self.refused())
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.seq(0, visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(
        self,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.seq(length, visitor)
    }

    fn deserialize_tuple_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        length: usize,
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.seq(length, visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Stop> {
        self.fields(&[], visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.fields(fields, visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        let name = *variants.first().ok_or_else(|| self.refused())?;
        visitor.visit_enum(Variant { placeholder: self.inner()?, name }).map_err(|_| self.refused())
    }
}

struct Items {
    placeholder: Placeholder,
    left: usize,
}

impl<'de> SeqAccess<'de> for Items {
    type Error = Stop;

    fn next_element_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        if self.left == 0 {
            return Ok(None);
        }
        self.left -= 1;
        seed.deserialize(self.placeholder).map(Some)
    }
}

struct Fields {
    placeholder: Placeholder,
    fields: std::slice::Iter<'static, &'static str>,
}

impl<'de> MapAccess<'de> for Fields {
    type Error = Stop;

    fn next_key_seed<S: DeserializeSeed<'de>>(
        &mut self,
        seed: S,
    ) -> Result<Option<S::Value>, Stop> {
        self.fields.next().map(|field| seed.deserialize(StrDeserializer::new(field))).transpose()
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, Stop> {
        seed.deserialize(self.placeholder)
    }
}

struct Variant {
    placeholder: Placeholder,
    name: &'static str,
}

impl<'de> EnumAccess<'de> for Variant {
    type Error = Stop;
    type Variant = Placeholder;

    fn variant_seed<S: DeserializeSeed<'de>>(
        self,
        seed: S,
    ) -> Result<(S::Value, Placeholder), Stop> {
        Ok((seed.deserialize(StrDeserializer::<Stop>::new(self.name))?, self.placeholder))
    }
}

impl<'de> VariantAccess<'de> for Placeholder {
    type Error = Stop;

    fn unit_variant(self) -> Result<(), Stop> {
        Ok(())
    }

    fn newtype_variant_seed<S: DeserializeSeed<'de>>(self, seed: S) -> Result<S::Value, Stop> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, length: usize, visitor: V) -> Result<V::Value, Stop> {
        self.seq(length, visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Stop> {
        self.fields(fields, visitor)
    }
}
