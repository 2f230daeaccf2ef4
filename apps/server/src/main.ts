// Loads nothing but what any Node can run, so that an old one is told so and does not fail on a native module.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(`Homeward needs Node 24 or later, this is ${process.versions.node}; npm start brings its own\n`);
  process.exitCode = 2;
} else {
  // Four heaps (this one and the views' threads) that each let garbage grow to several times what is alive would hold half a
  // gigabyte during an import. See docs/decisions/0008-node-24.md.
  const { setFlagsFromString } = await import('node:v8');
  setFlagsFromString('--heap-growing-percent=30');
  // A young generation given on the command line is this thread's; the others' limits are their own.
  setFlagsFromString('--max-semi-space-size=0');
  const { start } = await import('./start.js');
  await start();
}

export {};
