// Starts the terminal that textual-serve brings: with the keyboard on it, and nothing from elsewhere.
"use strict";

const FONT_MS = 1500;
let reason = "";

function tell(state) {
  document.body.dataset.state = state;
  if (state !== "shown") document.getElementById("again").focus();
}

function focusKeys() {
  document.querySelector(".xterm-helper-textarea")?.focus();
}

function download(path) {
  const link = document.createElement("a");
  link.href = path;
  link.download = "";
  link.click();
}

// Why there is no connection: the server says so where it can still be asked.
async function whyNot() {
  try {
    const answer = await fetch("room", { cache: "no-store" });
    return answer.status === 503 ? "full" : "lost";
  } catch {
    return "lost";
  }
}

// What is typed before the connection stands is sent as soon as it does.
class Connection extends WebSocket {
  held = [];
  opened = false;

  constructor(url) {
    super(url);
    this.addEventListener("open", () => {
      this.opened = true;
      for (const data of this.held) super.send(data);
      this.held = [];
      focusKeys();
    });
    this.addEventListener("message", (event) => {
      if (typeof event.data !== "string") return this.first();
      const [kind, value] = JSON.parse(event.data);
      if (kind === "download") download(value);
      if (kind === "ended") reason = value;
    });
    this.addEventListener("close", async () => {
      tell(reason || (this.opened ? "lost" : await whyNot()));
    });
  }

  first() {
    if (document.body.dataset.state === "loading") tell("shown");
  }

  send(data) {
    if (this.readyState === WebSocket.CONNECTING) this.held.push(data);
    if (this.readyState === WebSocket.OPEN) super.send(data);
  }
}

async function start() {
  // The terminal's script obeys the address: it would ask another host, or wait for a button.
  history.replaceState(null, "", location.pathname);
  const place = new URL("ws", location.href);
  place.protocol = place.protocol.replace("http", "ws");
  document.getElementById("terminal").dataset.sessionWebsocketUrl = place.href;
  document.getElementById("again").addEventListener("click", () => location.reload());
  window.WebSocket = Connection;
  // It measures a letter once, when it starts.
  const late = new Promise((done) => setTimeout(done, FONT_MS));
  await Promise.race([document.fonts.load("16px 'Roboto Mono'").catch(() => {}), late]);
  const script = document.createElement("script");
  script.src = "static/textual.js";
  script.addEventListener("error", () => tell("lost"));
  script.addEventListener("load", () => {
    const begin = window.onload;
    window.onload = null;
    begin();
    focusKeys();
  });
  document.head.append(script);
}

start();
