//! Reader of points, as a person reads them: it looks for letters it knows, those of the library that draws them.

use embedded_graphics::mono_font::iso_8859_15 as letters;
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::*;
use embedded_graphics::text::{Baseline, Text};
use std::collections::HashMap;

/// The sizes of letters it knows.
const SIZES: [MonoFont<'_>; 5] = [
    letters::FONT_10X20,
    letters::FONT_9X18,
    letters::FONT_7X13,
    letters::FONT_6X10,
    letters::FONT_5X8,
];

/// One letter's points, line by line.
type Shape = Vec<bool>;

/// Reads the text, its lines without the blanks around them; `�` where no letter is known. The size in which most is
/// read is taken.
pub(super) fn read(width: usize, height: usize, lit: impl Fn(usize, usize) -> bool) -> String {
    let readings = SIZES.iter().map(|font| read_in(font, width, height, &lit));
    let unknown =
        |text: &String| text.chars().filter(|c| *c == char::REPLACEMENT_CHARACTER).count();
    readings.min_by_key(unknown).unwrap_or_default()
}

fn read_in(
    font: &MonoFont<'_>,
    width: usize,
    height: usize,
    lit: &impl Fn(usize, usize) -> bool,
) -> String {
    let known = alphabet(font);
    let (wide, tall) = (font.character_size.width as usize, font.character_size.height as usize);
    let (columns, rows) = (width / wide, height / tall);
    let (left, top) = ((width - columns * wide) / 2, (height - rows * tall) / 2);
    let cell = |column: usize, row: usize| {
        let (x, y) = (left + column * wide, top + row * tall);
        let shape: Shape =
            (0..tall).flat_map(|dy| (0..wide).map(move |dx| lit(x + dx, y + dy))).collect();
        known.get(&shape).copied().unwrap_or(char::REPLACEMENT_CHARACTER)
    };
    let lines =
        (0..rows).map(|row| (0..columns).map(|column| cell(column, row)).collect::<String>());
    let lines: Vec<String> = lines.map(|line| line.trim().to_owned()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// The printable characters of Latin-9 by their shapes.
fn alphabet(font: &MonoFont<'_>) -> HashMap<Shape, char> {
    let characters = (' '..='~').chain('\u{a1}'..='\u{ff}').chain("€ŠšŽžŒœŸ".chars());
    let shape = |character: char| {
        let Size { width, height } = font.character_size;
        let mut sheet = Sheet { width, points: vec![false; (width * height) as usize] };
        let mut buffer = [0; 4];
        let style = MonoTextStyle::new(font, BinaryColor::On);
        let letter = character.encode_utf8(&mut buffer);
        let Ok(_) =
            Text::with_baseline(letter, Point::zero(), style, Baseline::Top).draw(&mut sheet);
        sheet.points
    };
    // The first of two that look alike.
    let mut all = HashMap::new();
    for character in characters {
        all.entry(shape(character)).or_insert(character);
    }
    all
}

/// Sheet on which one letter is drawn.
struct Sheet {
    width: u32,
    points: Shape,
}

impl OriginDimensions for Sheet {
    fn size(&self) -> Size {
        Size::new(self.width, self.points.len() as u32 / self.width)
    }
}

impl DrawTarget for Sheet {
    type Color = BinaryColor;
    type Error = std::convert::Infallible;

    fn draw_iter<I: IntoIterator<Item = Pixel<BinaryColor>>>(
        &mut self,
        pixels: I,
    ) -> Result<(), Self::Error> {
        for Pixel(at, colour) in pixels {
            let place = at.y * self.width as i32 + at.x;
            let point = usize::try_from(place).ok().and_then(|place| self.points.get_mut(place));
            if let Some(point) = point {
                *point = colour.is_on();
            }
        }
        Ok(())
    }
}
