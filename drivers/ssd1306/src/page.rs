//! A text on the display: the largest letters in which it fits, centred.

use crate::frame::{Frame, WIDTH};
use eg_hal::display::{plain, wrapped};
use embedded_graphics::mono_font::iso_8859_15::{
    FONT_5X8, FONT_6X10, FONT_7X13, FONT_9X18, FONT_10X20,
};
use embedded_graphics::mono_font::{MonoFont, MonoTextStyle};
use embedded_graphics::pixelcolor::BinaryColor;
use embedded_graphics::prelude::*;
use embedded_graphics::text::{Baseline, Text};

/// From the largest: 12 characters on 3 lines to 25 on 8, of a display with 64 lines.
const FONTS: [&MonoFont<'_>; 5] = [&FONT_10X20, &FONT_9X18, &FONT_7X13, &FONT_6X10, &FONT_5X8];

/// The text, broken between words. What the letters of Western Europe do not have becomes ASCII.
pub(crate) fn of(text: &str, height: u8) -> Result<Frame, &'static str> {
    let text: String = text.chars().map(printable).collect();
    for font in FONTS {
        let Size { width, height: tall } = font.character_size;
        let columns = usize::from(WIDTH) / width as usize;
        let rows = usize::from(height) / tall as usize;
        // Larger letters are no gain where they tear a word apart.
        let torn = text.split_whitespace().any(|word| word.chars().count() > columns);
        let smallest = font.character_size == FONT_5X8.character_size;
        if let Some(lines) = wrapped(&text, columns, rows)
            && (smallest || !torn)
        {
            return Ok(draw(&lines, font, columns, height));
        }
    }
    Err(
        "it fits no text that is longer than its smallest letters allow: 25 on a line, 8 lines or 4",
    )
}

/// The character itself where the fonts have it.
fn printable(character: char) -> String {
    let glyph = |character| FONT_5X8.glyph_mapping.index(character);
    let known = !character.is_control() && (character == '?' || glyph(character) != glyph('?'));
    if known { character.to_string() } else { plain(&character.to_string()) }
}

fn draw(lines: &[String], font: &MonoFont<'_>, columns: usize, height: u8) -> Frame {
    let mut frame = Frame::filled(height, false);
    let style = MonoTextStyle::new(font, BinaryColor::On);
    let Size { width, height: tall } = font.character_size;
    let margin = |all: u8, cells: u32, size: u32| u32::from(all).saturating_sub(cells * size) / 2;
    let rows = u32::from(height) / tall;
    let above = (rows - lines.len() as u32) / 2;
    for (row, line) in (above..).zip(lines) {
        // On a grid of whole cells, so that columns stay in line.
        let before = ((columns - line.chars().count()) / 2) as u32;
        let x = margin(WIDTH, columns as u32, width) + before * width;
        let y = margin(height, rows, tall) + row * tall;
        let at = Point::new(x as i32, y as i32);
        let Ok(_) = Text::with_baseline(line, at, style, Baseline::Top).draw(&mut frame);
    }
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_letters_do_not_have_becomes_ascii() {
        let read = |text: &str| text.chars().map(printable).collect::<String>();

        assert_eq!(read("L’œuf coûte 3 €… où ?"), "L'œuf coûte 3 €... où ?");
        assert_eq!(read("« Привет »"), "« Privet »");
        assert_eq!(read("a\u{0}\tb\nc"), "ab\nc");
    }
}
