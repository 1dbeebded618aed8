// What may know what (see the design): base <- market <- matching; market <- trading <- the simulated venues, strategies,
// analytics, risk <- the engine; the core knows no host; nothing knows the command line.
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    {
      name: 'core-is-pure',
      comment: 'The core runs in a browser too: no Node, no packages, no host.',
      severity: 'error',
      from: { path: '^packages/core/src', pathNot: '\\.test\\.ts$|/testing/' },
      to: { pathNot: '^packages/core/src' },
    },
    {
      name: 'base-knows-nothing',
      severity: 'error',
      from: { path: '^packages/core/src/base', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^packages/core/src', pathNot: '^packages/core/src/base' },
    },
    {
      name: 'market-knows-base',
      severity: 'error',
      from: { path: '^packages/core/src/market', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^packages/core/src', pathNot: '^packages/core/src/(base|market)' },
    },
    ...Object.entries({
      trading: 'base|market|trading',
      'venue-sim': 'base|market|matching|trading|venue-sim',
      signals: 'base|market|signals',
      strategies: 'base|market|trading|signals|strategies',
      analytics: 'base|market|trading|strategies|analytics',
      risk: 'base|market|trading|risk',
    }).map(([room, known]) => ({
      name: `what-${room}-knows`,
      severity: 'error',
      from: { path: `^packages/core/src/${room}/`, pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^packages/core/src', pathNot: `^packages/core/src/(${known})/` },
    })),
    ...[
      ['(?!contract/|scan/|runtime/|testing/|binance-usdm/)([^/]+)', '$1'],
      ['binance-usdm', 'binance-usdm|binance'],
    ].map(([venue, known]) => ({
      name: 'a-venue-is-a-folder',
      comment: 'It knows the contract and what all venues share: neither another venue nor who trades on it.',
      severity: 'error',
      from: { path: `^packages/quotewright/src/venues/${venue}/`, pathNot: '\\.test\\.ts$|/testing/' },
      to: {
        path: '^packages/quotewright/src/',
        pathNot: `^packages/quotewright/src/(venues/(${known}|contract|scan)/|venues/[^/]+\\.ts$|data/|audit/redactor\\.ts$)`,
      },
    })),
    {
      name: 'the-exchange-knows-no-connector',
      comment: 'Its faces read the protocols for themselves, so that a misreading of ours shows.',
      severity: 'error',
      from: { path: '^packages/quotewright/src/exchange/', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '^packages/quotewright/src/(venues|session|server)/' },
    },
    {
      name: 'nothing-knows-the-cli',
      severity: 'error',
      from: { pathNot: '^(packages/quotewright/src/cli|tests)/' },
      to: { path: '^packages/quotewright/src/cli' },
    },
    {
      name: 'no-test-code-in-the-product',
      severity: 'error',
      from: { path: '^packages', pathNot: '\\.test\\.ts$|/testing/' },
      to: { path: '\\.test\\.ts$|/testing/' },
    },
    {
      name: 'the-page-knows-the-protocol',
      comment: 'Types of the protocol and nothing else: the page is data in, pixels out.',
      severity: 'error',
      from: { path: '^apps/' },
      to: { path: '^packages/', pathNot: '^packages/quotewright/(src|dist)/server/protocol/' },
    },
    {
      name: 'no-package-knows-the-page',
      severity: 'error',
      from: { path: '^packages' },
      to: { path: '^apps' },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '/dist/|^packages/quotewright/dashboard/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { conditionNames: ['source', 'import', 'node', 'default'], extensions: ['.ts', '.js'] },
  },
};
