// node tests/graphql-http-audits.mjs URL TOKEN: the public audits of GraphQL over HTTP against a running server.
// Needs `npm install graphql-http@1.23.1 graphql@16` in the folder it is started from. Ends with 1 when an audit does not pass.
import { createRequire } from "node:module";

const { auditServer } = createRequire(`${process.cwd()}/`)("graphql-http");
const [url, token] = process.argv.slice(2);
const fetchFn = (address, init = {}) =>
  fetch(address, { ...init, headers: { ...init.headers, ...(token && { authorization: `Bearer ${token}` }) } });
const results = await auditServer({ url, fetchFn });
const open = results.filter((result) => result.status !== "ok");
for (const { status, id, name, reason } of open) console.log(`${status} ${id} ${name}: ${reason}`);
console.log(`${results.length - open.length} of ${results.length} audits pass`);
process.exit(open.length === 0 ? 0 : 1);
