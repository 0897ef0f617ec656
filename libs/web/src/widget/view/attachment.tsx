import { useEffect, useRef, useState } from 'preact/hooks';
import type { Widget } from '../widget.js';
import type { Attachment as File } from '../wire.types.js';
import { Icon } from './icons.js';

/** Pixels on the page; more of a photograph is kept for those who save it. */
const LARGEST = 260;

/**
 * Pictures are drawn, everything else can be saved. Nothing is opened: a file of a stranger's, opened under the page's own
 * origin, could run there. And a picture that is drawn needs no leave from the page's policy.
 */
export function Attachment({ file, widget }: { file: File; widget: Widget }) {
  const { words } = widget;
  const name = file.name ?? words.file;
  const isPicture = file.contentType?.startsWith('image/') ?? false;
  const [picture, trouble] = usePicture(widget, file, isPicture);
  if (file.state === 'refused' || trouble) return <p class="attached"><Icon name="warning" size={16} />{name}: {file.reason ?? words.fileMissing}</p>;
  const save = (): void => void widget.hub.media(file.href).then((blob) => offer(blob, name)).catch(() => undefined);
  if (picture) {
    return (
      <button type="button" class="picture" aria-label={`${words.download}: ${name}`} title={`${words.download}: ${name}`} onClick={save}><Picture picture={picture} /></button>
    );
  }
  if (isPicture || file.state === 'pending') return <p class="attached waits"><Icon name="file" size={16} />{name}: {words.onItsWay}</p>;
  return (
    <button type="button" class="attached" title={words.download} onClick={save}>
      <Icon name="save" size={16} /><span class="hidden">{`${words.download}: `}</span><span class="name">{name}</span>{file.size !== null && <span class="size">{sizeOf(file.size, widget.locale)}</span>}
    </button>
  );
}

function usePicture({ hub }: Widget, { href, state }: File, isPicture: boolean): [ImageBitmap | undefined, boolean] {
  const [picture, setPicture] = useState<ImageBitmap>();
  const [trouble, setTrouble] = useState(false);
  useEffect(() => {
    if (!isPicture || state === 'refused') return;
    let isGone = false;
    setTrouble(false);
    hub.media(href).then((blob) => createImageBitmap(blob)).then(
      (bitmap) => { if (!isGone) setPicture(bitmap); },
      () => { if (!isGone) setTrouble(true); },
    );
    return () => { isGone = true; };
  }, [hub, href, state, isPicture]);
  return [picture, trouble];
}

function Picture({ picture }: { picture: ImageBitmap }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const [width, height] = [Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale))];
  const sharp = Math.min(devicePixelRatio, 1 / scale);
  useEffect(() => {
    canvas.current?.getContext('2d')?.drawImage(picture, 0, 0, canvas.current.width, canvas.current.height);
  }, [picture]);
  return <canvas ref={canvas} width={Math.round(width * sharp)} height={Math.round(height * sharp)} style={{ width, aspectRatio: `${width} / ${height}` }} data-testid="picture" />;
}

function offer(blob: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function sizeOf(bytes: number, locale: string): string {
  const [size, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1_000), 'kilobyte'] : [bytes / 1_000_000, 'megabyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: size < 10 ? 1 : 0 }).format(size);
}
