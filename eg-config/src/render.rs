//! Renders a problem for a terminal.

use std::fmt::{self, Write as _};

use anstyle::{AnsiColor, Style};

use crate::problem::Problem;

const BOLD: Style = Style::new().bold();
const MARK: Style = AnsiColor::Red.on_default().bold();
const FRAME: Style = AnsiColor::Blue.on_default();
const HELP: Style = AnsiColor::Cyan.on_default();

/// The widest piece of a source line that is shown, in characters.
const WIDEST: usize = 120;
/// Most known words that are listed.
const MOST: usize = 40;

impl Problem {
    /// The first line of the printed form: position, path, message and the nearest known word.
    pub fn head(&self) -> String {
        format!("{}: {}", place(self), said(self))
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        problem(self, out)
    }
}

fn place(problem: &Problem) -> String {
    match (problem.line, problem.column) {
        (Some(line), Some(column)) => format!("{}:{line}:{column}", problem.file),
        (_, _) => problem.file.clone(),
    }
}

fn said(problem: &Problem) -> String {
    let mut said = String::new();
    if !problem.path.is_empty() {
        let _ = write!(said, "{}: ", problem.path);
    }
    said.push_str(&problem.message);
    if let Some(nearest) = &problem.nearest {
        let _ = write!(said, "; did you mean {nearest:?}?");
    }
    said
}

/// Head, source line with carets, and what would have worked; coloured under `{:#}`.
fn problem(problem: &Problem, out: &mut fmt::Formatter<'_>) -> fmt::Result {
    let paint = |style: Style| if out.alternate() { style } else { Style::new() };
    let (bold, mark, frame, help) = (paint(BOLD), paint(MARK), paint(FRAME), paint(HELP));
    write!(out, "{bold}{}{bold:#}: {}", place(problem), said(problem))?;
    let mut margin = 2;
    if let (Some(line), Some(column), Some(snippet)) =
        (problem.line, problem.column, &problem.snippet)
    {
        let number = line.to_string();
        margin += number.len();
        let (text, before, carets) = window(snippet, column - 1, problem.width);
        write!(out, "\n  {frame}{number} |{frame:#} {text}")?;
        write!(
            out,
            "\n{:margin$}{frame} |{frame:#} {:before$}{mark}{:^<carets$}{mark:#}",
            "", "", ""
        )?;
    }
    if !problem.wanted.is_empty() {
        let listed =
            problem.wanted.iter().take(MOST).map(String::as_str).collect::<Vec<_>>().join(", ");
        write!(out, "\n{:margin$} {frame}={frame:#} {help}works here: {listed}", "")?;
        if problem.wanted.len() > MOST {
            write!(out, " and {} more", problem.wanted.len() - MOST)?;
        }
        write!(out, "{help:#}")?;
    }
    Ok(())
}

/// The part of `line` around the character at `at`, how many characters stand before it there, and how many
/// carets fit under it.
fn window(line: &str, at: usize, width: usize) -> (String, usize, usize) {
    let chars: Vec<char> = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let start = if chars.len() > WIDEST && at > WIDEST / 2 { at - WIDEST / 2 } else { 0 };
    let end = (start + WIDEST).min(chars.len());
    let mut text: String = chars[start.min(end)..end].iter().collect();
    let mut before = at - start;
    if start > 0 {
        text.insert(0, '…');
        before += 1;
    }
    if end < chars.len() {
        text.push('…');
    }
    (text, before, width.min(end.saturating_sub(at)).max(1))
}
