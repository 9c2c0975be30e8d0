//! A PostgreSQL server of the tests' own, where the machine has one.
//!
//! ```text
//!   initdb ──► a folder of its own ──► pg_ctl start ──► a socket in that folder ──► pg_ctl stop, folder removed
//! ```
//!
//! It compares text by bytes (`C.UTF-8`), listens on no network, and forgets about the disk.
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicU32, Ordering};

/// A server that runs; dropping it stops it.
#[derive(Debug)]
pub struct Running {
    programs: PathBuf,
    folder: PathBuf,
}

impl Running {
    /// Starts a server.
    ///
    /// # Errors
    /// Why there is none: no `initdb` is found, or the machine does not let it start.
    pub fn start() -> Result<Self, String> {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let programs = programs().ok_or("no PostgreSQL server on this machine")?;
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("memorm-postgres-{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).map_err(|error| format!("{}: {error}", folder.display()))?;
        let server = Self { programs, folder };
        if is_root() {
            run(Command::new("chown").arg("postgres").arg(&server.folder))?;
        }
        let data = server.data();
        let initdb =
            ["-U", "memorm", "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-D"];
        run(server.program("initdb").args(initdb).arg(&data))?;
        // a connection for each core at a time, of each test
        let settings = format!(
            "-k {} -c listen_addresses= -c max_connections=1000 -c fsync=off -c full_page_writes=off \
             -c synchronous_commit=off",
            server.folder.display()
        );
        let log = server.folder.join("log");
        let mut start = server.program("pg_ctl");
        start.arg("-D").arg(&data).arg("-l").arg(&log).args(["-w", "-o", &settings, "start"]);
        run(&mut start)
            .map_err(|error| format!("{error}{}", fs::read_to_string(&log).unwrap_or_default()))?;
        Ok(server)
    }

    /// The folder of the socket.
    pub fn socket(&self) -> &Path {
        &self.folder
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// A program of the server, which refuses to be root.
    fn program(&self, name: &str) -> Command {
        let path = self.programs.join(name);
        if !is_root() {
            return Command::new(path);
        }
        let mut command = Command::new("runuser");
        command.args(["-u", "postgres", "--"]).arg(path).current_dir(&self.folder);
        command
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let stopped =
            self.program("pg_ctl").arg("-D").arg(self.data()).args(["-m", "immediate", "stop"]).output();
        if stopped.is_ok() {
            // a folder that is left over is no reason to fail
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

/// The folder of `initdb`: on the path, or where Debian puts it, the newest version.
fn programs() -> Option<PathBuf> {
    let on_path = std::env::var_os("PATH").map(|path| std::env::split_paths(&path).collect::<Vec<_>>());
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    let mut installed: Vec<PathBuf> = versions.map(|version| version.path().join("bin")).collect();
    installed.sort();
    let mut folders = installed.into_iter().rev().chain(on_path.into_iter().flatten());
    folders.find(|folder| folder.join("initdb").is_file() && folder.join("pg_ctl").is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout.trim_ascii() == b"0")
}

/// Runs a program to its end; the error is what it says.
fn run(command: &mut Command) -> Result<(), String> {
    let output = command.output().map_err(|error| format!("{:?}: {error}", command.get_program()))?;
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}
