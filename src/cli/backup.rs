//! `rondo backup`, and how a command makes a file that is new, private and complete.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf, absolute},
    process::ExitCode,
};

use clap::Args;
use secrecy::ExposeSecret as _;

use super::{ConfigFile, Ended, print};
use crate::{
    model::secrets,
    ritual::Registration,
    store::{Backend, Store, StoreError},
};

#[derive(Args)]
pub(super) struct Backup {
    /// The file to write; it must not exist
    file: PathBuf,
    #[command(flatten)]
    config: ConfigFile,
}

pub(super) async fn run(options: Backup, registry: &[Registration]) -> Result<ExitCode, Ended> {
    let config = options.config.load(registry)?;
    let url = config.store.url.expose_secret();
    if Store::engine_of(url)? == Backend::Postgres {
        return Err(Ended::Usage("DATABASE_URL is a PostgreSQL server: back it up with pg_dump".to_owned()));
    }
    if !Store::is_there(url) {
        return Err(Ended::Usage(
            "DATABASE_URL names a database that is not there: name the one that the bot works on".to_owned(),
        ));
    }
    let shown = secrets::shown_bare(&options.file.display().to_string());
    let failed = |cause: &dyn std::fmt::Display| {
        Ended::Failed(format!(
            "the database cannot be copied to {shown} ({cause}): check both files, their folders and their rights"
        ))
    };
    let file = NewFile::create(&options.file).map_err(|error| match error.kind() {
        io::ErrorKind::AlreadyExists if options.file.is_symlink() => Ended::Usage(format!(
            "{shown} is a link, and a backup follows none: name a file that does not exist"
        )),
        io::ErrorKind::AlreadyExists => {
            Ended::Usage(format!("{shown} exists already: name a file that does not"))
        }
        _ => failed(&error),
    })?;
    let partial = file
        .partial
        .to_str()
        .ok_or_else(|| Ended::Usage(format!("{shown} has a name that is not UTF-8: name another file")))?;
    Store::copy(url, partial).await.map_err(|error| match error {
        StoreError::Unopened(cause) | StoreError::ReadOnly(cause) => failed(&cause),
        error => error.into(),
    })?;
    file.keep().map_err(|error| failed(&error))?;
    print(&format!("the database is copied to {shown}"))?;
    Ok(ExitCode::SUCCESS)
}

/// A file being written: an empty file reserves its name, the content goes beside it, and replaces it once it is
/// complete and on disk. Both are readable by their owner alone, follow no link, and are removed if the work is
/// abandoned.
struct NewFile {
    file: PathBuf,
    partial: PathBuf,
    is_whole: bool,
}

impl NewFile {
    fn create(path: &Path) -> io::Result<NewFile> {
        let file = absolute(path)?;
        let mut partial = file.clone();
        partial.as_mut_os_string().push(".partial");
        private(&file)?;
        if let Err(error) = private(&partial) {
            // It was made a moment ago and is empty.
            let _ = fs::remove_file(&file);
            return Err(io::Error::other(format!("{}: {error}", partial.display())));
        }
        Ok(NewFile { file, partial, is_whole: false })
    }

    fn keep(mut self) -> io::Result<()> {
        File::open(&self.partial)?.sync_all()?;
        fs::rename(&self.partial, &self.file)?;
        self.is_whole = true;
        // The name is on disk once its folder is.
        match self.file.parent() {
            Some(folder) => File::open(folder)?.sync_all(),
            None => Ok(()),
        }
    }
}

impl Drop for NewFile {
    fn drop(&mut self) {
        if !self.is_whole {
            // What cannot be removed is empty or has a partial file's name.
            let _ = fs::remove_file(&self.partial);
            let _ = fs::remove_file(&self.file);
        }
    }
}

/// Makes an empty file that only its owner may read. Fails if the name exists, even as a link.
fn private(path: &Path) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
