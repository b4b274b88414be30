// What the page's script has to keep to, for `eslint --config`; see test_page_in_chromium.py.

const BROWSER = [
  "FormData", "URLSearchParams", "addEventListener", "atob", "document", "location", "matchMedia",
  "performance",
  "requestAnimationFrame",
];

const RULES = [
  "array-callback-return", "default-case-last", "eqeqeq", "no-cond-assign", "no-const-assign",
  "no-constant-condition", "no-dupe-args", "no-dupe-else-if", "no-dupe-keys", "no-duplicate-case",
  "no-else-return", "no-empty", "no-eval", "no-fallthrough", "no-func-assign", "no-global-assign",
  "no-implied-eval", "no-import-assign", "no-invalid-regexp", "no-irregular-whitespace",
  "no-loss-of-precision", "no-new-func", "no-redeclare", "no-script-url", "no-self-assign",
  "no-self-compare", "no-shadow-restricted-names", "no-throw-literal", "no-undef",
  "no-unneeded-ternary", "no-unreachable", "no-unsafe-finally", "no-unsafe-optional-chaining",
  "no-unused-expressions", "no-unused-vars", "no-use-before-define", "no-useless-concat",
  "no-useless-escape", "no-useless-return", "no-var", "object-shorthand", "prefer-const",
  "use-isnan", "valid-typeof",
];
const OPTIONS = {
  // What only an exported trainer has a use for.
  "no-unused-vars": ["error", { varsIgnorePattern: "^(outputsFor|trainRow)$" }],
  "no-unused-expressions": ["error", { allowShortCircuit: true }],
  "no-use-before-define": ["error", { functions: false, variables: false }],
};

export default [
  {
    languageOptions: {
      ecmaVersion: 2022,
      sourceType: "script",
      globals: Object.fromEntries(BROWSER.map((name) => [name, "readonly"])),
    },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      ...Object.fromEntries(RULES.map((rule) => [rule, "error"])),
      ...OPTIONS,
      // Not the markup of a text, which may come from a name.
      "no-restricted-properties": [
        "error",
        ...["innerHTML", "outerHTML", "insertAdjacentHTML", "write"].map((property) => ({ property })),
      ],
    },
  },
];
