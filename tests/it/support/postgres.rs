//! A throw-away PostgreSQL for the tests, started once per test binary.
//!
//! A test binary ends without running destructors, and may be killed. So the server belongs to a small
//! shell that waits on a pipe from this process: however this process ends, the system closes the pipe,
//! and the shell stops the server and removes its folder. Where the shell was killed too, the next run
//! finds the folder's lock free and clears up.
//!
//! The server's folder is in memory where the system keeps room for that: making and removing the 300 files of each
//! database took a quarter of the suite's time on a disk.
//!
//! `RONDO_TEST_POSTGRES_URL` names a server to use instead (its user must be allowed to create databases).
//! `RONDO_TEST_STORES=sqlite` leaves PostgreSQL out; `=all`, or `CI=true`, makes its absence a failure.

mod lent;

use std::{
    fs::{self, File, TryLockError},
    io::{BufRead as _, BufReader, Read as _},
    os::unix::process::CommandExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        OnceLock,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use rondo::{config::Environment, model::clock::Clock};
use sqlx::{Connection as _, PgConnection};

pub use self::lent::{fresh_database, migrated_database};

/// A folder is younger than this while its lock may not have been taken yet.
const TOO_YOUNG_TO_REAP: Duration = Duration::from_mins(1);
/// How long databases of earlier runs stay on an external server.
const KEEP_DATABASES_MS: i64 = 60 * 60 * 1000;
/// Where Linux keeps files in memory.
const MEMORY: &str = "/dev/shm";
/// With less room than this, files are kept on the disk. A database takes 10 MB, and a few tests run at once.
const ENOUGH_MEMORY: u64 = 4 << 30;
const FOLDER: &str = "rondo-postgres-";
const DATABASE: &str = "rondo_test_";
const LEFT_OUT: &str = "the tests on PostgreSQL";

/// Starts a server, prints `ready`, and removes it when its input ends. If the reader of `ready` is gone, the shell
/// must still clean up. Planning a statement five times before its plan is kept took a tenth of the server's time: connections live for
/// a second.
const KEEPER: &str = r#"
    bin="$1" here="$2"
    trap '' PIPE INT TERM HUP
    trap '"$bin/pg_ctl" -D "$here/data" -m immediate stop >/dev/null 2>&1; rm -rf "$here"' EXIT
    "$bin/initdb" -D "$here/data" -U rondo -A trust -E UTF8 --locale=C --no-sync >"$here/log" 2>&1 &&
        "$bin/pg_ctl" -D "$here/data" -l "$here/log" -w -t 60 -o "-k $here -c listen_addresses= \
            -c fsync=off -c full_page_writes=off -c synchronous_commit=off -c max_connections=200 \
            -c autovacuum=off -c plan_cache_mode=force_generic_plan" \
            start >/dev/null || { cat "$here/log"; exit 1; }
    echo ready 2>/dev/null
    cat >/dev/null
"#;

/// A server to create databases on, with what must live as long as this process.
struct Server {
    /// The URL, with `{}` for the database's name.
    address: String,
    _lifeline: Option<(Child, File)>,
}

impl Server {
    fn url_of(&self, database: &str) -> String {
        self.address.replace("{}", database)
    }

    /// Copies a database that no one is connected to, and returns the name of the copy.
    async fn copy_of(&self, model: &str) -> String {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let count = COUNT.fetch_add(1, Ordering::Relaxed);
        let mut connection = PgConnection::connect(&self.url_of("postgres")).await.unwrap();
        let now_ms = Clock::machine().now_ms();
        if count == 0 {
            drop_old_databases(&mut connection, now_ms).await;
        }
        let name = format!("{DATABASE}{now_ms}_{}_{count}", std::process::id());
        // Copying the files is quicker than logging their pages, and nothing here is kept.
        let create = format!("CREATE DATABASE {name} TEMPLATE {model} STRATEGY file_copy");
        run(&mut connection, create).await.unwrap();
        name
    }
}

fn server() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(|| find_or_start(&Environment::of_process())).as_ref()
}

async fn drop_old_databases(connection: &mut PgConnection, now_ms: i64) {
    let query = "SELECT datname FROM pg_database WHERE datname LIKE 'rondo_test_%'";
    let names: Vec<String> = sqlx::query_scalar(query).fetch_all(&mut *connection).await.unwrap();
    for name in names.iter().filter(|name| is_old(name, now_ms)) {
        // Another run may drop it at the same time, or still be using it: either is fine.
        run(&mut *connection, format!("DROP DATABASE IF EXISTS {name}")).await.ok();
    }
}

fn is_old(name: &str, now_ms: i64) -> bool {
    let born_ms = name.strip_prefix(DATABASE).and_then(|rest| rest.split('_').next()?.parse::<i64>().ok());
    born_ms.is_some_and(|born_ms| born_ms + KEEP_DATABASES_MS < now_ms)
}

/// A database's name cannot be bound, so the statement is formatted; the names are our own.
async fn run(connection: &mut PgConnection, statement: String) -> Result<(), sqlx::Error> {
    sqlx::query(sqlx::AssertSqlSafe(statement)).execute(connection).await.map(drop)
}

fn find_or_start(env: &Environment) -> Option<Server> {
    let stores = env.get("RONDO_TEST_STORES").unwrap_or_default();
    let must = env.get("CI") == Some("true") || stores == "all";
    if stores == "sqlite" && !must {
        super::left_out(LEFT_OUT, "RONDO_TEST_STORES=sqlite; unset it to include PostgreSQL");
        return None;
    }
    if let Some(url) = env.get("RONDO_TEST_POSTGRES_URL") {
        return Some(Server { address: with_any_database(url), _lifeline: None });
    }
    let Some(bin) = binaries(env) else {
        let how = "install its server, or set RONDO_TEST_POSTGRES_URL";
        assert!(!must, "PostgreSQL is missing: {how}");
        super::left_out(LEFT_OUT, how);
        return None;
    };
    for place in [std::env::temp_dir(), MEMORY.into()] {
        reap(&bin, &place);
    }
    Some(start(&bin).0)
}

/// A server for one test, which may stop and freeze it.
pub struct OwnServer {
    bin: PathBuf,
    folder: PathBuf,
    server: Server,
}

impl OwnServer {
    /// Starts one; `None` if PostgreSQL is skipped or an external server is used.
    pub fn started() -> Option<OwnServer> {
        let env = Environment::of_process();
        if env.get("RONDO_TEST_STORES") == Some("sqlite") || env.get("RONDO_TEST_POSTGRES_URL").is_some() {
            super::left_out(
                "a PostgreSQL that is stopped and frozen",
                "unset RONDO_TEST_POSTGRES_URL and RONDO_TEST_STORES",
            );
            return None;
        }
        let Some(bin) = binaries(&env) else {
            super::left_out("a PostgreSQL that is stopped and frozen", "install its server");
            return None;
        };
        let (server, folder) = start(&bin);
        Some(OwnServer { bin, folder, server })
    }

    /// Returns the URL of its only database.
    pub fn url(&self) -> String {
        self.server.address.replace("{}", "postgres")
    }

    /// Returns the socket on which it listens.
    pub fn socket(&self) -> PathBuf {
        self.folder.join(".s.PGSQL.5432")
    }

    /// Stops it and cuts its connections.
    pub fn stops(&self) {
        self.controls(r#""$1/pg_ctl" -D "$2/data" -m fast -w stop >/dev/null"#);
    }

    /// Starts it again.
    pub fn starts(&self) {
        self.controls(
            r#""$1/pg_ctl" -D "$2/data" -l "$2/log" -w -t 60 -o "-k $2 -c listen_addresses=" start >/dev/null"#,
        );
    }

    fn controls(&self, script: &str) {
        assert!(shell(script, &self.bin, &self.folder).status().unwrap().success(), "{script}");
    }
}

/// Returns the URL with a placeholder for its database.
fn with_any_database(url: &str) -> String {
    let (base, options) = url.split_once('?').map_or((url, None), |(base, options)| (base, Some(options)));
    let host_at = base.find("://").map_or(0, |at| at + 3);
    let base = base[host_at..].find('/').map_or(base, |at| &base[..host_at + at]);
    options.map_or(format!("{base}/{{}}"), |options| format!("{base}/{{}}?{options}"))
}

/// Returns the folder with `initdb` and `pg_ctl`: from the PATH, the newest of Debian's, or `pg_config`'s.
fn binaries(env: &Environment) -> Option<PathBuf> {
    let mut places: Vec<PathBuf> =
        env.get("PATH").unwrap_or_default().split(':').map(PathBuf::from).collect();
    let debian = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut versions: Vec<PathBuf> = debian.map(|version| version.path().join("bin")).collect();
    versions.sort_by_key(|bin| {
        bin.parent().and_then(|version| version.file_name()?.to_str()?.parse::<u32>().ok())
    });
    places.extend(versions.into_iter().rev());
    if let Ok(output) = Command::new("pg_config").arg("--bindir").output() {
        places.push(String::from_utf8_lossy(&output.stdout).trim().into());
    }
    places.into_iter().find(|bin| bin.join("initdb").is_file() && bin.join("pg_ctl").is_file())
}

/// Returns the folder for a server's own: in memory, if the system has room for that.
fn place() -> PathBuf {
    let room = rustix::fs::statvfs(MEMORY).map_or(0, |found| found.f_bavail.saturating_mul(found.f_frsize));
    let made = |place: &Path| tempfile::Builder::new().prefix(FOLDER).tempdir_in(place);
    let in_memory = (room >= ENOUGH_MEMORY).then(|| made(Path::new(MEMORY)).ok()).flatten();
    in_memory.unwrap_or_else(|| made(&std::env::temp_dir()).unwrap()).keep()
}

fn start(bin: &Path) -> (Server, PathBuf) {
    let folder = place();
    // The system releases the lock when this process ends.
    let lock = File::open(&folder).unwrap();
    lock.lock().unwrap();
    if let Some(user) = ordinary_user() {
        let owned = Command::new("chown").arg(user).arg(&folder).status().unwrap();
        assert!(owned.success(), "{} cannot be given to {user}", folder.display());
    }
    let mut keeper = shell(KEEPER, bin, &folder);
    // Its own process group, so that Ctrl-C at the terminal does not stop it before it has cleaned up.
    let keeper = keeper.process_group(0).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut keeper = keeper.expect("a shell starts");
    let mut answers = BufReader::new(keeper.stdout.take().unwrap());
    let mut answer = String::new();
    answers.read_line(&mut answer).unwrap();
    if answer != "ready\n" {
        answers.read_to_string(&mut answer).unwrap();
        panic!("PostgreSQL did not start:\n{answer}");
    }
    let socket = folder.display().to_string().replace('/', "%2F");
    let address = format!("postgres://rondo@localhost/{{}}?host={socket}");
    (Server { address, _lifeline: Some((keeper, lock)) }, folder)
}

/// Stops and removes what earlier runs left if their shell was killed as well.
fn reap(bin: &Path, temp: &Path) {
    let entries = fs::read_dir(temp).into_iter().flatten().flatten().map(|entry| entry.path());
    let is_ours =
        |path: &PathBuf| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(FOLDER));
    for folder in entries.filter(is_ours).filter(|folder| is_free(folder)) {
        let stop = r#""$1/pg_ctl" -D "$2/data" -m immediate stop >/dev/null 2>&1; rm -rf "$2""#;
        // If it cannot be removed, another user owns it.
        shell(stop, bin, &folder).stderr(Stdio::null()).status().ok();
    }
}

/// Whether the process that locked this folder has ended.
fn is_free(folder: &Path) -> bool {
    let age =
        fs::metadata(folder).and_then(|found| found.modified()).ok().and_then(|made| made.elapsed().ok());
    let old = age.is_some_and(|age| age > TOO_YOUNG_TO_REAP);
    old && File::open(folder).is_ok_and(|file| !matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
}

/// Returns a shell script that runs as an ordinary user: PostgreSQL refuses to run as root.
fn shell(script: &str, bin: &Path, folder: &Path) -> Command {
    let mut command = match ordinary_user() {
        Some(user) => {
            let mut command = Command::new("runuser");
            command.args(["-u", user, "--", "sh"]);
            command
        }
        None => Command::new("sh"),
    };
    // The ordinary user may be unable to enter the working directory.
    command.args(["-c", script, "sh"]).arg(bin).arg(folder).current_dir("/");
    command
}

/// Returns the user to run as if this is root; `None` otherwise.
fn ordinary_user() -> Option<&'static str> {
    let id = |arguments: &[&str]| {
        let output = Command::new("id").args(arguments).stderr(Stdio::null()).output().expect("`id` runs");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    };
    let root = id(&["-u"]).as_deref() == Some("0");
    root.then(|| if id(&["-u", "postgres"]).is_some() { "postgres" } else { "nobody" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_external_server_gets_databases() {
        assert_eq!(with_any_database("postgres://u:p@h:5432/db"), "postgres://u:p@h:5432/{}");
        assert_eq!(with_any_database("postgres://h"), "postgres://h/{}");
        assert_eq!(with_any_database("postgres:///db?host=/run"), "postgres:///{}?host=/run");
    }

    #[test]
    fn only_own_databases_are_dropped() {
        let now_ms = 10 * KEEP_DATABASES_MS;
        assert!(is_old("rondo_test_1000_7_0", now_ms));
        assert!(!is_old(&format!("rondo_test_{}_7_0", now_ms - 1000), now_ms));
        assert!(!is_old("rondo_test_of_mine", now_ms));
        assert!(!is_old("production", now_ms));
    }
}
