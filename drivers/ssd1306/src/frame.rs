//! Frames as the chip keeps them: pages of eight lines, a byte for each column, bit 0 on top.

use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::*;
use std::convert::Infallible;

/// Points in a line.
pub(crate) const WIDTH: u8 = 128;

/// One picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame(Vec<[u8; WIDTH as usize]>);

impl Frame {
    /// Makes a frame of this many lines, lit or dark all over.
    pub(crate) fn filled(height: u8, lit: bool) -> Self {
        let byte = if lit { 0xff } else { 0 };
        Self(vec![[byte; WIDTH as usize]; usize::from(height / 8)])
    }

    /// The pages from the top.
    pub(crate) fn pages(&self) -> &[[u8; WIDTH as usize]] {
        &self.0
    }
}

impl OriginDimensions for Frame {
    fn size(&self) -> Size {
        Size::new(WIDTH.into(), self.0.len() as u32 * 8)
    }
}

impl DrawTarget for Frame {
    type Color = BinaryColor;
    type Error = Infallible;

    fn draw_iter<I>(&mut self, pixels: I) -> Result<(), Infallible>
    where
        I: IntoIterator<Item = Pixel<BinaryColor>>,
    {
        for Pixel(Point { x, y }, colour) in pixels {
            let (Ok(x), Ok(y)) = (usize::try_from(x), usize::try_from(y)) else { continue };
            if let Some(byte) = self.0.get_mut(y / 8).and_then(|page| page.get_mut(x)) {
                match colour {
                    BinaryColor::On => *byte |= 1 << (y % 8),
                    BinaryColor::Off => *byte &= !(1 << (y % 8)),
                }
            }
        }
        Ok(())
    }
}
