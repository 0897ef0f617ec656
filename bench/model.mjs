// The scripted model at 0 ms, as a process of its own.
import { startScriptedModel } from '@throughline/scripted-model/server.js';

await startScriptedModel({ port: Number(process.env.BENCH_PORT), keep: 10, script: () => [{ say: 'We are open from eight to six.' }] });
