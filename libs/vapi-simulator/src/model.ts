export interface ModelAsked {
  url: string;
  headers: Record<string, string>;
  body: object;
  signal: AbortSignal;
}

const DATA = /^data: ?(.*)$/;

/**
 * Asks a custom model, as an OpenAI client does, and hands on its words as they come.
 *
 * @throws where it does not answer 200, breaks off, or is called off
 */
export async function askModel({ url, headers, body, signal }: ModelAsked, heard: (words: string) => void): Promise<void> {
  const answer = await fetch(`${url}/chat/completions`, {
    method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer no-api-key', ...headers }, body: JSON.stringify(body), signal,
  });
  if (!answer.ok || !answer.body) throw new Error(`the custom model answered ${answer.status}`);
  let [rest, isDone] = ['', false];
  for await (const part of answer.body.pipeThrough(new TextDecoderStream())) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) {
      const data = DATA.exec(line.trimEnd())?.[1];
      if (data === '[DONE]') isDone = true;
      else if (data) heard(wordsIn(data));
    }
  }
  if (!isDone) throw new Error('the custom model broke off');
}

function wordsIn(data: string): string {
  const { choices } = JSON.parse(data) as { choices?: { delta?: { content?: string | null } }[] };
  return choices?.[0]?.delta?.content ?? '';
}
