//! Settings that the chip has a fixed choice of.

use schemars::JsonSchema;
use serde::Deserialize;

/// The full scale: a voltage either way. The pins never stand more than VDD and 0.3 V.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Range {
    /// ±6.144 V.
    #[serde(rename = "6.144V")]
    V6,
    /// ±4.096 V.
    #[default]
    #[serde(rename = "4.096V")]
    V4,
    /// ±2.048 V.
    #[serde(rename = "2.048V")]
    V2,
    /// ±1.024 V.
    #[serde(rename = "1.024V")]
    V1,
    /// ±0.512 V.
    #[serde(rename = "0.512V")]
    V05,
    /// ±0.256 V.
    #[serde(rename = "0.256V")]
    V025,
}

impl Range {
    pub(crate) fn volts(self) -> f64 {
        6.144_f64.min(8.192 / f64::from(1 << self.pga()))
    }

    /// PGA of the config register.
    pub(crate) fn pga(self) -> u16 {
        self as u16
    }
}

/// Conversions a second: few are quiet, many are quick.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
pub enum Rate {
    /// 8 a second.
    #[serde(rename = "8Hz")]
    Hz8,
    /// 16 a second.
    #[serde(rename = "16Hz")]
    Hz16,
    /// 32 a second.
    #[serde(rename = "32Hz")]
    Hz32,
    /// 64 a second.
    #[serde(rename = "64Hz")]
    Hz64,
    /// 128 a second.
    #[serde(rename = "128Hz")]
    Hz128,
    /// 250 a second.
    #[default]
    #[serde(rename = "250Hz")]
    Hz250,
    /// 475 a second.
    #[serde(rename = "475Hz")]
    Hz475,
    /// 860 a second.
    #[serde(rename = "860Hz")]
    Hz860,
}

impl Rate {
    pub(crate) fn per_second(self) -> f64 {
        [8.0, 16.0, 32.0, 64.0, 128.0, 250.0, 475.0, 860.0][self as usize]
    }

    /// DR of the config register.
    pub(crate) fn dr(self) -> u16 {
        self as u16
    }
}
