//! A ledger as Markdown: as the document that it describes, or as a table.

use std::io::{self, Write};

use super::sheet::as_markdown;
use crate::ritual::{Ledger, LedgerColumn, LedgerDocument, LedgerLine};

/// The output of a ledger as Markdown.
pub(super) struct MarkdownSheet<W: Write> {
    output: W,
    columns: &'static [LedgerColumn],
    document: Option<LedgerDocument>,
    /// The lines of the entry that is being read.
    entry: Vec<LedgerLine>,
}

impl<W: Write> MarkdownSheet<W> {
    pub(super) fn begin(ledger: &Ledger, mut output: W) -> io::Result<MarkdownSheet<W>> {
        if let Some(document) = ledger.document {
            writeln!(output, "# {}", document.title)?;
        } else {
            row(&mut output, ledger.columns.iter().map(|column| column.name))?;
            row(&mut output, ledger.columns.iter().map(|_| "---"))?;
        }
        Ok(MarkdownSheet { output, columns: ledger.columns, document: ledger.document, entry: Vec::new() })
    }

    pub(super) fn write(&mut self, line: LedgerLine) -> io::Result<()> {
        if self.document.is_none() {
            let cell = |(column, cell): (&LedgerColumn, Option<String>)| {
                let cell = cell.unwrap_or_default();
                if column.is_typed { as_markdown(&cell) } else { cell }
            };
            let cells: Vec<String> = self.columns.iter().zip(line.cells).map(cell).collect();
            return row(&mut self.output, cells.iter().map(String::as_str));
        }
        if self.entry.last().is_some_and(|last| last.position.0 != line.position.0) {
            self.end_entry()?;
        }
        self.entry.push(line);
        Ok(())
    }

    fn end_entry(&mut self) -> io::Result<()> {
        let lines = std::mem::take(&mut self.entry);
        match self.document {
            Some(document) if !lines.is_empty() => self.output.write_all((document.entry)(&lines).as_bytes()),
            _ => Ok(()),
        }
    }

    pub(super) fn end(mut self) -> io::Result<()> {
        self.end_entry()?;
        self.output.flush()
    }
}

fn row<'c>(output: &mut impl Write, cells: impl Iterator<Item = &'c str>) -> io::Result<()> {
    let cells: Vec<&str> = cells.collect();
    writeln!(output, "| {} |", cells.join(" | "))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ritual::LedgerColumn;

    fn line(id: &str, words: &str) -> LedgerLine {
        LedgerLine {
            position: (id.to_owned(), String::new()),
            cells: vec![Some(id.to_owned()), Some(words.to_owned())],
        }
    }

    fn written(document: Option<LedgerDocument>) -> String {
        const COLUMNS: &[LedgerColumn] = &[LedgerColumn::plain("id"), LedgerColumn::typed("words")];
        let page =
            |_: &'_ crate::store::Store, _: crate::ritual::LedgerPage<'_>| unreachable!("nothing is read");
        let ledger = Ledger { columns: COLUMNS, dated: "", document, page, others: &[] };
        let mut output = Vec::new();
        let mut sheet = MarkdownSheet::begin(&ledger, &mut output).unwrap();
        for line in [line("1", "a|b\nc"), line("1", "d"), line("2", "e")] {
            sheet.write(line).unwrap();
        }
        sheet.end().unwrap();
        String::from_utf8(output).unwrap()
    }

    #[test]
    fn a_ledger_without_a_document_is_a_table() {
        assert_eq!(
            written(None),
            "| id | words |\n| --- | --- |\n| 1 | a\\|b<br>c |\n| 1 | d |\n| 2 | e |\n"
        );
    }

    #[test]
    fn lines_of_one_entry_stay_together() {
        let entry = |lines: &[LedgerLine]| format!("{}:{}\n", lines[0].position.0, lines.len());
        assert_eq!(written(Some(LedgerDocument { title: "Notes", entry })), "# Notes\n1:2\n2:1\n");
    }
}
