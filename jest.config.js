const swc = {
  jsc: {
    target: 'es2023',
    parser: { syntax: 'typescript', decorators: true },
    transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false },
  },
  sourceMaps: 'inline',
};
export default {
  rootDir: '.',
  roots: ['<rootDir>/libs', '<rootDir>/apps', '<rootDir>/simulations', '<rootDir>/test'],
  testRegex: '(\\.|-)spec\\.ts$',
  testEnvironment: 'node',
  testTimeout: 120_000,
  maxWorkers: 2,
  extensionsToTreatAsEsm: ['.ts'],
  transform: { '^.+\\.ts$': ['@swc/jest', swc] },
  moduleNameMapper: {
    '^@kwartier/simulations$': '<rootDir>/simulations/index.ts',
    '^@kwartier/([^/]+)/(module|graphql)$': '<rootDir>/libs/$1/src/$1.$2.ts',
    '^@kwartier/([^/]+)$': '<rootDir>/libs/$1/src/index.ts',
    '^(\\.{1,2}/.*)\\.js$': '$1',
  },
};
