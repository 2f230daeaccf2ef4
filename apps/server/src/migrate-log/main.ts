// Loads nothing but what any Node can run, so that an old one is told so and does not fail on a native module.
const major = Number(process.versions.node.split('.')[0]);

if (major < 24) {
  process.stderr.write(
    `Homeward needs Node 24 or later, this is ${process.versions.node}; npm run migrate-log brings its own\n`,
  );
  process.exitCode = 2;
} else {
  const { run } = await import('./run.js');
  process.exitCode = await run(process.argv.slice(2));
}

export {};
