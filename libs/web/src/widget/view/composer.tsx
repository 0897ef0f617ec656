import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'preact/hooks';
import { type Upload, Uploads } from '../uploads.js';
import type { Widget } from '../widget.js';
import { Icon } from './icons.js';

const MOST_CHARACTERS = 4_000;
const TYPED = 'typed';

export function useUploads(widget: Widget): [Uploads, Upload[]] {
  const [all, setAll] = useState<Upload[]>([]);
  const uploads = useMemo(() => new Uploads(widget.hub, widget.words, setAll), [widget]);
  return [uploads, all];
}

/** What is being written is kept in this tab: a page that is left by mistake costs no words. */
export function Composer({ widget, uploads, files, onSent }: { widget: Widget; uploads: Uploads; files: Upload[]; onSent: () => void }) {
  const { words, chat, tab } = widget;
  const [text, setText] = useState(() => tab.get(TYPED) ?? '');
  const area = useRef<HTMLTextAreaElement>(null);
  useGrowing(area, text);
  const isUploading = files.some(({ enclosed, trouble }) => !enclosed && !trouble);
  const canSend = !isUploading && (text.trim() !== '' || files.some(({ enclosed }) => enclosed));
  const write = (now: string): void => {
    setText(now);
    if (now === '') tab.remove(TYPED);
    else tab.set(TYPED, now);
  };
  const send = (): void => {
    if (!canSend) return;
    chat.send(text.trim(), uploads.clear());
    write('');
    area.current?.focus();
    onSent();
  };
  return (
    <form class="composer" onSubmit={(event) => { event.preventDefault(); send(); }}>
      <Files files={files} widget={widget} remove={(key) => { uploads.remove(key); area.current?.focus(); }} />
      <div class="field">
        {chat.state.look?.attachments !== false && <Picker label={words.attach} take={(list) => uploads.add(list)} />}
        <textarea
          ref={area} rows={1} value={text} maxLength={MOST_CHARACTERS} dir="auto" enterkeyhint="send" autocomplete="off"
          placeholder={words.write} aria-label={words.write}
          onInput={(event) => { write(event.currentTarget.value); chat.types(); }}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
            event.preventDefault();
            send();
          }}
        />
        <button type="submit" class="send" aria-label={words.send} aria-disabled={!canSend} data-testid="send"><Icon name="send" /></button>
      </div>
      {text.length > MOST_CHARACTERS * 0.95 && <p class="note">{words.tooLong(MOST_CHARACTERS)}</p>}
    </form>
  );
}

/** As high as its words, up to the limit of its style. */
function useGrowing(area: { current: HTMLTextAreaElement | null }, text: string): void {
  useLayoutEffect(() => {
    const element = area.current;
    if (!element) return;
    element.style.height = 'auto';
    element.style.height = `${element.scrollHeight}px`;
  }, [area, text]);
}

function Picker({ label, take }: { label: string; take: (files: FileList) => void }) {
  const input = useRef<HTMLInputElement>(null);
  return (
    <>
      <input
        ref={input} type="file" multiple hidden tabIndex={-1} aria-label={label}
        onChange={(event) => {
          const { files } = event.currentTarget;
          if (files) take(files);
          event.currentTarget.value = '';
        }}
      />
      <button type="button" class="plain" aria-label={label} onClick={() => input.current?.click()}><Icon name="clip" /></button>
    </>
  );
}

function Files({ files, widget, remove }: { files: Upload[]; widget: Widget; remove: (key: number) => void }) {
  const { words } = widget;
  const trouble = files.flatMap((file) => (file.trouble ? `${file.name}: ${file.trouble}` : [])).join(' ');
  const [said, setSaid] = useState('');
  useEffect(() => setSaid(trouble), [trouble]);
  return (
    <>
      <p class="hidden" role="status">{said}</p>
      {files.length > 0 && (
        <ul class="files">
          {files.map(({ key, name, share, enclosed, trouble }) => (
            <li key={key} class={trouble ? 'file bad' : 'file'}>
              <Icon name={trouble ? 'warning' : enclosed ? 'done' : 'file'} size={16} />
              <span class="what"><span class="name">{name}</span>{trouble && <span>{trouble}</span>}</span>
              {!enclosed && !trouble && <progress value={share} max={1} aria-label={`${words.uploading}: ${name}`} />}
              <button type="button" class="plain small" aria-label={words.remove(name)} onClick={() => remove(key)}><Icon name="close" size={14} /></button>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
