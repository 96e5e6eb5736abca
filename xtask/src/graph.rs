//! `cargo eg imports`: a picture of a crate's files, and of who imports whom.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use anyhow::{Context, ensure};
use xtask::imports::{circles, imports};

/// Arguments of `cargo eg imports`.
#[derive(clap::Args)]
pub(crate) struct Args {
    /// Folder of the crate, from the root of the workspace, e.g. eg-core
    #[arg(value_name = "CRATE")]
    krate: String,
    /// Print a graph for Graphviz instead of lines: cargo eg imports eg-core --dot | dot -Tsvg > imports.svg
    #[arg(long)]
    dot: bool,
    /// Take the folders and files right under src for one each
    #[arg(long)]
    top: bool,
}

/// Prints the imports, and the circles in them.
///
/// # Errors
/// When there is no such crate.
pub(crate) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let src = crate::root().join(&args.krate).join("src");
    let mut files = Vec::new();
    gather(&src, &src, &mut files)?;
    let edges = imports(&files);
    ensure!(!edges.is_empty(), "no file of {} imports another", args.krate);
    let name = |file: &str| {
        let name = file.strip_suffix(".rs").unwrap_or(file);
        let top = name.split('/').next().unwrap_or(name);
        if args.top { top } else { name }.to_owned()
    };
    let mut counted = BTreeMap::<_, usize>::new();
    for (from, to) in &edges {
        if name(from) != name(to) {
            *counted.entry((name(from), name(to))).or_default() += 1;
        }
    }
    if args.dot {
        println!("digraph imports {{\n  rankdir = LR;\n  node [shape = box];");
        for ((from, to), count) in &counted {
            println!("  \"{from}\" -> \"{to}\" [label = \"{count}\"];");
        }
        println!("}}");
        return Ok(ExitCode::SUCCESS);
    }
    counted.iter().for_each(|((from, to), count)| println!("{from} → {to} ({count})"));
    let circles = circles(&edges);
    println!("{} files, {} imports, {} circles", files.len(), edges.len(), circles.len());
    circles.iter().for_each(|circle| println!("circle: {}", circle.join(", ")));
    Ok(ExitCode::SUCCESS)
}

fn gather(src: &Path, folder: &Path, files: &mut Vec<(String, String)>) -> anyhow::Result<()> {
    let entries =
        fs::read_dir(folder).with_context(|| format!("no folder {}", folder.display()))?;
    for entry in entries {
        let path = entry?.path();
        if path.is_dir() {
            gather(src, &path, files)?;
        } else if path.extension().is_some_and(|end| end == "rs") {
            let name = path.strip_prefix(src)?.to_string_lossy().into_owned();
            files.push((name, fs::read_to_string(&path)?));
        }
    }
    Ok(())
}
