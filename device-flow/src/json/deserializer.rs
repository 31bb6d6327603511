//! From values to types that say by serde what they are.

use alloc::format;
use alloc::string::{String, ToString};
use alloc::vec::IntoIter;
use core::fmt::Display;

use serde::de::value::SeqDeserializer;
use serde::de::{DeserializeSeed, Deserializer, Expected, IntoDeserializer, MapAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::{Error, Members, Value};

impl serde::de::Error for Error {
    fn custom<T: Display>(message: T) -> Self {
        Self::without_place(message.to_string())
    }

    // In serde's own words, but without its way to write floating point, which no value here has.
    fn invalid_type(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::without_place(format!("invalid type: {}, expected {expected}", name(found)))
    }

    fn invalid_value(found: Unexpected<'_>, expected: &dyn Expected) -> Self {
        Self::without_place(format!("invalid value: {}, expected {expected}", name(found)))
    }
}

fn name(found: Unexpected<'_>) -> String {
    match found {
        Unexpected::Bool(value) => format!("boolean `{value}`"),
        Unexpected::Map => "map".into(),
        Unexpected::Other(name) => name.into(),
        Unexpected::Seq => "sequence".into(),
        Unexpected::Str(text) => format!("string {text:?}"),
        Unexpected::Unit => "null".into(),
        Unexpected::Unsigned(number) => format!("integer `{number}`"),
        _ => "something else".into(),
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Bool(value) => visitor.visit_bool(value),
            Self::List(list) => visitor.visit_seq(SeqDeserializer::new(list.into_iter())),
            Self::Null => visitor.visit_unit(),
            Self::Number(number) => match number.as_plain() {
                Some(number) => visitor.visit_u64(number),
                None => Err(serde::de::Error::invalid_type(
                    Unexpected::Other("number that is negative, a fraction or too large"),
                    &visitor,
                )),
            },
            Self::Object(members) => members.deserialize_any(visitor),
            Self::Text(text) => visitor.visit_string(text),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        match self {
            Self::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self {
            Self::Object(members) => members.deserialize_struct(name, fields, visitor),
            // A list could stand for a struct in serde, but not here: nobody writes a configuration without names.
            Self::List(_) => Err(serde::de::Error::invalid_type(Unexpected::Seq, &visitor)),
            value => value.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct
        newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

impl IntoDeserializer<'_, Error> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl<'de> Deserializer<'de> for Members {
    type Error = Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_map(Rest {
            members: self.0.into_iter(),
            value: None,
        })
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}

/// The members that were not read yet, and the value that belongs to the name read last.
struct Rest {
    members: IntoIter<(String, Value)>,
    value: Option<Value>,
}

impl<'de> MapAccess<'de> for Rest {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        let Some((name, value)) = self.members.next() else {
            return Ok(None);
        };
        self.value = Some(value);
        seed.deserialize(Value::Text(name)).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        seed.deserialize(self.value.take().unwrap_or(Value::Null))
    }
}
