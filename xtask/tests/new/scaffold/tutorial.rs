//! The tutorial of a driver: its blocks are what is built here, its commands are what is run.

use crate::copy::{original, target};
use socket2::{Domain, Socket, Type};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use tempfile::TempDir;

/// The library as the tutorial names it; ours is in the target folder that everything here shares.
const LIBRARY: &str = "~/boards/pca9554/target/debug/libpca9554.so";

/// The operator's, in place of one that is drawn.
const PASSWORD: &str = "correct-horse";

/// A fenced block: what follows the fence, and the text.
struct Block {
    info: String,
    text: String,
}

fn blocks(markdown: &str) -> Vec<Block> {
    let mut blocks: Vec<Block> = Vec::new();
    let mut inside = false;
    for line in markdown.lines() {
        match line.strip_prefix("```") {
            Some(info) if !inside => {
                inside = true;
                blocks.push(Block { info: info.to_owned(), text: String::new() });
            }
            Some(_) => inside = false,
            None if inside => {
                let block = blocks.last_mut().unwrap();
                block.text.push_str(line);
                block.text.push('\n');
            }
            None => {}
        }
    }
    blocks
}

/// Port on loopback that the system gives to nobody else while this lives; a server may listen there all the same.
struct HeldPort {
    number: u16,
    _socket: Socket,
}

impl HeldPort {
    fn take() -> Self {
        let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
        socket.set_reuse_address(true).unwrap();
        socket.bind(&SocketAddr::from((Ipv4Addr::LOCALHOST, 0)).into()).unwrap();
        let number = socket.local_addr().unwrap().as_socket().unwrap().port();
        Self { number, _socket: socket }
    }
}

/// Where the tutorial's commands are run.
struct Reader {
    home: TempDir,
    /// Of the slot page, in place of the usual one.
    port: HeldPort,
    /// Of the broker and of the operator page, likewise.
    core: (HeldPort, HeldPort),
    /// The library, once it was built.
    library: Option<String>,
}

impl Reader {
    fn new() -> Self {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join("boards")).unwrap();
        let core = (HeldPort::take(), HeldPort::take());
        Self { home, port: HeldPort::take(), core, library: None }
    }

    fn folder(&self) -> PathBuf {
        self.home.path().join("boards/pca9554")
    }

    /// A command as it is written, with this reader's folders and port.
    fn command(&self, line: &str) -> Command {
        let library = self.library.as_deref().unwrap_or(LIBRARY);
        let line = line.replace(LIBRARY, library).replace("5173", &self.port.number.to_string());
        let line = line.replace('~', self.home.path().to_str().unwrap());
        let words: Vec<&str> = line.split(' ').collect();
        let mut command = match words[..] {
            ["cargo", "eg", ref arguments @ ..] => {
                let mut xtask = Command::new(env!("CARGO_BIN_EXE_xtask"));
                xtask.args(arguments).current_dir(original());
                xtask
            }
            ["cargo", "run", ref arguments @ ..] => {
                let mut cargo = eg_scaffold::cargo();
                cargo.args(["run", "--manifest-path"]).arg(original().join("Cargo.toml"));
                // An agent keeps its data where it runs.
                cargo.args(arguments).current_dir(self.home.path());
                cargo
            }
            ["cargo", ref arguments @ ..] => {
                let mut cargo = eg_scaffold::cargo();
                cargo.args(arguments).current_dir(original());
                cargo
            }
            _ => panic!("nobody runs this command of the tutorial: {line}"),
        };
        command.env("CARGO_TARGET_DIR", target()).env("CARGO_NET_OFFLINE", "true");
        command.env("MQTT_PORT", self.core.0.number.to_string());
        command
    }

    /// Runs a command that ends, and gives what it said.
    fn finish(&mut self, line: &str) -> String {
        let output = self.command(line).output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        assert!(output.status.success(), "{line}: {said}");
        if let Some(file) = said.lines().find_map(|line| line.strip_prefix("built ")) {
            self.library = Some(file.to_owned());
        }
        said
    }

    /// Starts the core, on ports of its own, and waits until it runs.
    fn core(&self, line: &str) -> Core {
        let config = self.home.path().join("ports.yaml");
        let page = self.core.1.number;
        fs::write(&config, format!("ports: {{ websocket: 0, api: 0, page: {page} }}\n")).unwrap();
        let mut command = self.command(line);
        command.arg("--config").arg(config).env("EG_OPERATOR_PASSWORD", PASSWORD);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut said = BufReader::new(process.stdout.take().unwrap()).lines().map_while(Result::ok);
        assert!(said.by_ref().any(|line| line.ends_with(" runs.")), "the core does not run");
        std::thread::spawn(move || said.for_each(drop));
        Core { process, page }
    }

    /// Starts the agent, and waits until it waits to be adopted.
    fn agent(&self, line: &str) -> Agent {
        let mut command = self.command(line);
        command.env("EG_LOG", "info").env("NO_COLOR", "1").stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let log = BufReader::new(process.stderr.take().unwrap()).lines().map_while(Result::ok);
        let mut agent = Agent { process, log: Box::new(log), port: self.port.number };
        agent.logs("waiting to be adopted");
        agent
    }

    /// Runs a command until it works: its core may hear of the slot a moment later.
    fn finish_soon(&self, line: &str) {
        let works = || self.command(line).output().unwrap().status.success();
        assert!((0..50).any(|_| works()), "{line}");
    }
}

/// An agent that runs.
struct Agent {
    process: Child,
    log: Box<dyn Iterator<Item = String>>,
    port: u16,
}

impl Agent {
    /// Reads its log up to a line with this.
    fn logs(&mut self, words: &str) -> String {
        self.log.find(|line| line.contains(words)).expect("the agent goes on logging")
    }

    /// Waits until its scenario is over and everything has reached the core, and gives its page then.
    fn play(mut self) -> String {
        let over = self.logs("the scenario");
        assert!(over.contains("is over"), "{over}");
        let mut live = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        write!(live, "GET /live HTTP/1.1\r\nhost: 127.0.0.1\r\naccept-language: en\r\n\r\n")
            .unwrap();
        let mut told = BufReader::new(live).lines().map_while(Result::ok);
        told.find(|line| line.contains("Everything has reached the core")).expect("its page");
        let mut page = String::new();
        let mut to = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        let host = "host: 127.0.0.1\r\nconnection: close";
        write!(to, "GET /board?lang=en HTTP/1.1\r\n{host}\r\n\r\n").unwrap();
        to.read_to_string(&mut page).unwrap();
        page
    }
}

impl Drop for Agent {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            drop(self.process.wait());
        }
    }
}

/// A core that runs.
struct Core {
    process: Child,
    page: u16,
}

impl Core {
    /// Reads on the operator's page until it tells this, as it tells an open page what changed.
    fn tells(&self, wanted: &str) -> String {
        let body = format!("{{\"password\":\"{PASSWORD}\"}}");
        let kind = "content-type: application/json";
        let head = format!(
            "POST /api/login HTTP/1.1\r\nhost: 127.0.0.1\r\n{kind}\r\nconnection: close\r\n"
        );
        let length = body.len();
        let mut answer = String::new();
        let mut to = TcpStream::connect(("127.0.0.1", self.page)).unwrap();
        write!(to, "{head}content-length: {length}\r\n\r\n{body}").unwrap();
        to.read_to_string(&mut answer).unwrap();
        let cookie = answer.lines().find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next()).expect(&answer);

        let mut live = TcpStream::connect(("127.0.0.1", self.page)).unwrap();
        write!(live, "GET /live?lang=en HTTP/1.1\r\nhost: 127.0.0.1\r\ncookie: {cookie}\r\n\r\n")
            .unwrap();
        let mut told = BufReader::new(live).lines().map_while(Result::ok);
        told.find(|line| line.contains(wanted)).expect("the page goes on telling")
    }
}

impl Drop for Core {
    fn drop(&mut self) {
        if self.process.kill().is_ok() {
            drop(self.process.wait());
        }
    }
}

#[test]
fn the_tutorial_builds_and_runs_as_it_is_written() {
    let markdown = fs::read_to_string(original().join("docs/tutorial-driver.md")).unwrap();
    let (commands, files): (Vec<_>, Vec<_>) =
        blocks(&markdown).into_iter().partition(|block| block.info == "sh");
    let mut commands = commands.iter().flat_map(|block| block.text.lines());
    let mut reader = Reader::new();

    reader.finish(commands.next().unwrap());
    write(&files, &reader.folder());
    let (mut said, mut agent, mut core) = (String::new(), None, None);
    for line in commands {
        if line.contains("slots adopt") {
            reader.finish_soon(line);
        } else if line.contains("-p eg-core") {
            core = Some(reader.core(line));
        } else if line.contains("-- run ") {
            agent = Some(reader.agent(line));
        } else {
            said.push_str(&reader.finish(line));
        }
    }

    let page = agent.expect("the tutorial starts an agent").play();
    assert!(said.contains("test conforms ... ok"), "{said}");
    assert!(said.contains("slot-01 is well formed: 1 device, 2 inputs, 1 output"), "{said}");
    assert!(page.contains("pca9554"), "{page}");
    // The events of the page stand in one fragment, the latest first.
    let events = core.expect("the tutorial starts a core").tells("pressed blue");
    assert!(events.contains("pressed red"), "{events}");
}

/// The blocks that name a file, those of one file behind each other.
fn write(files: &[Block], krate: &Path) {
    let mut written = Vec::new();
    for block in files {
        let (_, path) = block.info.split_once(' ').expect("a block names its file");
        let known = written.iter_mut().find(|(known, _): &&mut (&str, String)| *known == path);
        match known {
            Some((_, text)) => text.push_str(&format!("\n{}", block.text)),
            None => written.push((path, block.text.clone())),
        }
    }
    for (path, text) in written {
        fs::write(krate.join(path), text).unwrap();
    }
}
