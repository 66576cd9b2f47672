//! Files of data in TOML: those that the program brings along, or those of a folder that a setting names.

use std::{
    fmt::Display,
    fs::{self, File},
    io::Read as _,
    path::{Path, PathBuf},
};

use toml::de::DeTable;

use crate::model::secrets;

/// Editors on Windows begin a file with this mark; it is no part of the text.
pub const BYTE_ORDER_MARK: char = '\u{feff}';

/// Returns the text of a file, without a byte-order mark. The error says why it cannot be read, for brackets in a
/// sentence.
pub fn read_text(path: &Path, most_bytes: u64) -> Result<String, String> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(|error| error.to_string())?;
    file.take(most_bytes + 1).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > most_bytes {
        return Err(format!("it is larger than {most_bytes} bytes"));
    }
    if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
        return Err("it is saved as UTF-16: save it as UTF-8".to_owned());
    }
    let text = String::from_utf8(bytes).map_err(|_| "it is not UTF-8 text".to_owned())?;
    Ok(match text.strip_prefix(BYTE_ORDER_MARK) {
        Some(rest) => rest.to_owned(),
        None => text,
    })
}

/// What is wrong with a file or a folder, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {mend}")]
pub struct FileFault {
    /// It names the file, and the line where there is one.
    pub what: String,
    pub mend: String,
}

impl FileFault {
    /// Joins what happened and how to fix it.
    pub fn new(what: impl Display, mend: impl Display) -> FileFault {
        FileFault { what: what.to_string(), mend: mend.to_string() }
    }
}

/// What a folder of data files may hold.
#[derive(Clone, Copy, Debug)]
pub struct FolderRules {
    /// The setting that names the folder: `holidays.folder`.
    pub setting: &'static str,
    /// How many files it may have.
    pub most_files: usize,
    /// How large a file may be, in bytes.
    pub largest_file: u64,
    /// What the files are, for the sentence that says how many there may be: `one for each region, as in de.toml`.
    pub what_to_put: &'static str,
    /// What the program brings along: `the holidays`.
    pub built_in: &'static str,
    /// Whether a file may have this name, without `.toml`.
    pub is_name: fn(&str) -> bool,
    /// What is wrong with another name, and how to fix it: `is not named like a region`.
    pub misnamed: (&'static str, &'static str),
}

/// A file of data that could be read.
#[derive(Clone, Debug)]
pub struct DataFile {
    /// Its name without `.toml`.
    pub name: String,
    /// The file as errors name it.
    place: String,
    text: String,
}

impl DataFile {
    /// Returns a file that the program brings along.
    pub fn built_in(name: &str, text: &str) -> DataFile {
        DataFile { name: name.to_owned(), place: format!("{name}.toml"), text: text.to_owned() }
    }

    /// Reads the files of a folder whose names end in `.toml`, in the order of their names, without hidden ones. Each
    /// file that cannot be read is a fault, and the others are read all the same.
    pub fn of_folder(folder: &Path, rules: &FolderRules, faults: &mut Vec<FileFault>) -> Vec<DataFile> {
        let FolderRules { setting, most_files, .. } = rules;
        let shown = secrets::shown_bare(&folder.display().to_string());
        let paths = match paths_in(folder) {
            Ok(paths) => paths,
            Err(why) => {
                let what = format!("{setting} is {shown}, which cannot be read ({why})");
                let built_in = rules.built_in;
                faults.push(FileFault::new(
                    what,
                    format!(
                        "mend the path or its permissions, or leave the setting out for {built_in} that Rondo brings along"
                    ),
                ));
                return Vec::new();
            }
        };
        if paths.is_empty() || paths.len() > *most_files {
            let what = format!("{setting} is {shown}, which has {} files named *.toml", paths.len());
            faults.push(FileFault::new(what, format!("put 1 to {most_files} there, {}", rules.what_to_put)));
            return Vec::new();
        }
        let mut files = Vec::new();
        for path in paths {
            match DataFile::read(&path, rules) {
                Ok(file) => files.push(file),
                Err(fault) => faults.push(fault),
            }
        }
        files
    }

    fn read(path: &Path, rules: &FolderRules) -> Result<DataFile, FileFault> {
        let place = secrets::shown_bare(&path.display().to_string());
        let name = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if !(rules.is_name)(&name) {
            let (what, mend) = rules.misnamed;
            return Err(FileFault::new(format!("{place} {what}"), mend));
        }
        // Opening something else than a file may wait for ever.
        let text = match path.metadata() {
            Ok(about) if !about.is_file() => Err("it is no file".to_owned()),
            Ok(_) => read_text(path, rules.largest_file),
            Err(error) => Err(error.to_string()),
        };
        match text {
            Ok(text) => Ok(DataFile { name, place, text }),
            Err(why) => {
                Err(FileFault::new(format!("{place} cannot be read ({why})"), "mend it, or take it away"))
            }
        }
    }

    /// Reads its TOML. `entries` is what a key that is there twice may be: `key or date`.
    pub fn table(&self, entries: &str) -> Result<DeTable<'_>, FileFault> {
        let table = DeTable::parse(&self.text).map_err(|error| {
            let at = error.span().map_or(0, |span| span.start);
            if error.message().starts_with("duplicate key") {
                return self.wrong(at, format!("this {entries} is there twice"), "keep one of them");
            }
            let what = format!("this is not TOML ({})", error.message());
            self.wrong(at, what, "look at the quotes, brackets and dates there")
        })?;
        Ok(table.into_inner())
    }

    /// Returns the fault at a position of its text, in bytes, with the number of the line.
    pub fn wrong(&self, at: usize, what: impl Display, mend: impl Display) -> FileFault {
        let before = self.text.get(..at.min(self.text.len())).unwrap_or_default();
        let line = before.matches('\n').count() + 1;
        FileFault::new(format!("{}:{line}: {what}", self.place), mend)
    }
}

/// Returns the files of a folder whose names end in `.toml`, in the order of their names, without hidden ones.
fn paths_in(folder: &Path) -> Result<Vec<PathBuf>, String> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if !name.starts_with('.') && path.extension().is_some_and(|extension| extension == "toml") {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}
