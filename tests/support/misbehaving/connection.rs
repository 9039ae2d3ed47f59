//! One connection of a misbehaving server.

use std::io::{self, Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::thread;
use std::time::Duration;

use socket2::SockRef;

use super::{PATIENCE, Part, Received, Stage, Step};

/// How much of a head is [`Part::SomeOfTheHead`].
const SOME: usize = 20;

/// What is left of a connection after a step.
enum Left {
    Open,
    Over,
}

struct Connection<'a> {
    stage: &'a Stage,
    stream: TcpStream,
    /// Which request it is at.
    number: usize,
    /// What has arrived of that request.
    bytes: Vec<u8>,
}

/// Serves a connection. Its first act begins at once, every other one when the first byte of its request is there.
pub(super) fn serve(stage: &Stage, stream: TcpStream, number: usize) {
    // A client may hang up at any moment: that is no failure of the server.
    _ = play(stage, stream, number);
    // The last handle goes: this closes the connection.
    stage.hall().open.remove(&number);
    stage.changed.notify_all();
}

fn play(stage: &Stage, stream: TcpStream, number: usize) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    stream.set_nodelay(true)?;
    let mut connection = Connection { stage, stream, number: 0, bytes: Vec::new() };
    loop {
        let (act, request) = stage.next(number);
        connection.number = request;
        for step in act {
            if let Left::Over = connection.step(step)? {
                return Ok(());
            }
        }
        connection.bytes.clear();
        if connection.fill(1)? == 0 {
            return Ok(());
        }
    }
}

impl Connection<'_> {
    fn step(&mut self, step: Step) -> io::Result<Left> {
        match step {
            Step::Read(part) => self.read(part)?,
            Step::Execute => {
                self.read(Part::Everything)?;
                self.note(|received| received.executed = true);
            }
            Step::Send(bytes) => self.send(&bytes)?,
            Step::Reply(reply) => {
                let received = self.stage.hall().seen.received[self.number].clone();
                self.send(&reply(&received))?;
            }
            Step::Drip(bytes, pause) => {
                for byte in bytes {
                    thread::sleep(pause);
                    self.send(&[byte])?;
                }
            }
            Step::Flood(bytes, pause) => loop {
                thread::sleep(pause);
                self.send(&bytes)?;
            },
            Step::Take(time) => thread::sleep(time),
            Step::Close => {
                self.stream.shutdown(Shutdown::Write)?;
                // To close before everything was taken would break the connection.
                io::copy(&mut self.stream, &mut io::sink())?;
                return Ok(Left::Over);
            }
            Step::HangUp => return Ok(Left::Over),
            Step::Reset => {
                // Closed without lingering, a connection is not ended but reset.
                SockRef::from(&self.stream).set_linger(Some(Duration::ZERO))?;
                return Ok(Left::Over);
            }
            Step::Stall => {
                self.stage.stall();
                return Ok(Left::Over);
            }
        }
        Ok(Left::Open)
    }

    fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            let count = self.stream.write(bytes)?;
            self.stage.hall().seen.sent += count;
            bytes = &bytes[count..];
        }
        Ok(())
    }

    fn read(&mut self, part: Part) -> io::Result<()> {
        if part == Part::SomeOfTheHead {
            return self.need(SOME);
        }
        let head = loop {
            if let Some(end) = self.bytes.windows(4).position(|end| end == b"\r\n\r\n") {
                break end + 4;
            }
            self.need(self.bytes.len() + 1)?;
        };
        let text = String::from_utf8_lossy(&self.bytes[..head]).into_owned();
        let length = content_length(&text);
        self.note(|received| received.head = text);
        let wanted = match part {
            Part::SomeOfTheHead | Part::Head => 0,
            Part::HalfOfTheBody => length / 2,
            Part::Everything => length,
        };
        self.need(head + wanted)?;
        let body = self.bytes[head..].to_vec();
        self.note(|received| received.body = body);
        Ok(())
    }

    /// Reads until this much of the request is there.
    fn need(&mut self, count: usize) -> io::Result<()> {
        match self.fill(count)? {
            found if found >= count => Ok(()),
            _ => Err(io::ErrorKind::UnexpectedEof.into()),
        }
    }

    /// Reads until this much of the request is there, or the client hangs up; answers how much there is.
    fn fill(&mut self, count: usize) -> io::Result<usize> {
        let mut buffer = [0; 16 * 1024];
        while self.bytes.len() < count {
            match self.stream.read(&mut buffer)? {
                0 => break,
                found => self.bytes.extend_from_slice(&buffer[..found]),
            }
        }
        Ok(self.bytes.len())
    }

    fn note(&self, change: impl FnOnce(&mut Received)) {
        change(&mut self.stage.hall().seen.received[self.number]);
    }
}

fn content_length(head: &str) -> usize {
    let mut headers = head.lines().filter_map(|line| line.split_once(':'));
    let length = headers.find(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    length.and_then(|(_, length)| length.trim().parse().ok()).unwrap_or(0)
}
