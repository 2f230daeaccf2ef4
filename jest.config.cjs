/** Jest runs the TypeScript sources as CommonJS through SWC; ESM packages load through require(esm) on Node 24. */
module.exports = {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/{apps,libs,test}/**/*.spec.ts'],
  maxWorkers: 2,
  reporters: ['default', '<rootDir>/scripts/closing-line.cjs'],
  testTimeout: 30_000,
  moduleNameMapper: {
    '^#server/(.*)$': '<rootDir>/apps/server/src/$1.ts',
    '^#([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      {
        swcrc: false,
        module: { type: 'commonjs' },
        sourceMaps: 'inline',
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: true },
          keepClassNames: true,
        },
      },
    ],
  },
};
