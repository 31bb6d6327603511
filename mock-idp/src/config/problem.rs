//! What is wrong with a configuration file, and where.

use std::fmt;
use std::ops::Range;
use std::path::Path;

use toml::de::DeTable;

use crate::whole;

/// What is wrong with a configuration file. Its text is `FILE:LINE:COLUMN: what is wrong, and what to do`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    file: Option<String>,
    /// Counted from 1, columns in characters.
    line_and_column: Option<(usize, usize)>,
    text: String,
}

/// What is wrong with one entry of a list.
pub(super) struct Misfit {
    /// The list's key.
    pub(super) list: &'static str,
    /// Counted from 0.
    pub(super) index: usize,
    pub(super) text: String,
}

impl ConfigError {
    /// What is wrong with a file as a whole.
    pub(super) fn of_file(text: String) -> Self {
        Self {
            file: None,
            line_and_column: None,
            text,
        }
    }

    /// What the parser says.
    pub(super) fn of_toml(source: &str, problem: &toml::de::Error) -> Self {
        let text = whole::in_words(problem.message()).replace('\n', "; ");
        Self {
            text: format!("{text} (`mock-idp init FILE` writes a file with every setting)"),
            ..Self::at(source, problem.span())
        }
    }

    /// What is wrong with an entry of a file that could be parsed.
    pub(super) fn of_entry(source: &str, misfit: Misfit) -> Self {
        let span = DeTable::parse(source).ok().and_then(|table| {
            let list = table.get_ref().get(misfit.list)?.get_ref().as_array()?;
            Some(list.get(misfit.index)?.span())
        });
        Self {
            text: misfit.text,
            ..Self::at(source, span)
        }
    }

    fn at(source: &str, span: Option<Range<usize>>) -> Self {
        let before = span.and_then(|span| source.get(..span.start));
        let line_and_column = before.map(|before| {
            let line = before.rsplit('\n').next().unwrap_or_default();
            (before.matches('\n').count() + 1, line.chars().count() + 1)
        });
        Self {
            file: None,
            line_and_column,
            text: String::new(),
        }
    }

    pub(super) fn in_file(mut self, file: &Path) -> Self {
        self.file = Some(file.display().to_string());
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, out: &mut fmt::Formatter) -> fmt::Result {
        if let Some(file) = &self.file {
            write!(out, "{file}:")?;
        }
        if let Some((line, column)) = self.line_and_column {
            write!(out, "{line}:{column}:")?;
        }
        if self.file.is_some() || self.line_and_column.is_some() {
            write!(out, " ")?;
        }
        write!(out, "{}", self.text)
    }
}

impl std::error::Error for ConfigError {}
