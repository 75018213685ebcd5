// Words of the screen of the server's state.

export const systemWords = {
  hint: "Whether every part of the server is well, what it runs with, and what it complained of.",
  version: "Version",
  since: "Running since",
  clock: "The server’s clock",
  off: (seconds: number) => `It differs from this device’s by ${seconds} s. Scheduled posts go by the server’s.`,
  cores: "Processors",
  checks: "Parts",
  state: { ok: "well", warn: "look at this", fail: "wrong" },
  settings: "Settings of the server",
  settingsHint: "They are said in perennial.toml, in the environment or as arguments, and read when it starts.",
  columns: ["Setting", "Value", "From"],
  unset: "not set",
  complaints: "Latest warnings and errors",
  none: "None since it started.",
  error: "error",
  warning: "warning",
  again: "Look again",
  copy: "Copy for support",
};
