// One referee for all houses of a test run: what Twilio's OpenAPI files say is read and compiled once, not in every suite.
import http from 'node:http';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Judges what a door of `referee.ts` has seen.
 *
 * @param folder of the referee
 * @returns its address: POST a JSON list of exchanges, with bodies in base64, and get the list of what is said about each
 */
export async function startJudge(folder) {
  const { Referee, canonicalHost } = await import(pathToFileURL(path.join(folder, 'twilio-referee.mjs')).href);
  const referee = new Referee();
  const judge = ({ request, response }) => {
    const at = new URL(request.url, 'http://referee');
    const host = request.headers['x-twilio-host'] ?? request.headers.host;
    const asked = referee.checkRequest({
      method: request.method, host: canonicalHost(host) ?? host, pathname: at.pathname, search: at.search, headers: request.headers, body: Buffer.from(request.body, 'base64'),
    });
    asked.method = request.method.toLowerCase();
    const { errors } = referee.checkResponse(asked, response.status, response.headers, Buffer.from(response.body, 'base64'));
    return { method: request.method, path: request.url, operation: asked.op?.operationId, status: response.status, objections: [...asked.errors, ...errors] };
  };
  const server = http.createServer((request, answer) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => {
      try {
        answer.end(JSON.stringify(JSON.parse(Buffer.concat(parts).toString('utf8')).map(judge)));
      } catch (error) {
        answer.writeHead(500).end(String(error?.stack ?? error));
      }
    });
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${server.address().port}`, close: () => new Promise((resolve) => { server.close(resolve); server.closeAllConnections(); }) };
}
