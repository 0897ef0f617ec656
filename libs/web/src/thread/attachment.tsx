import { useEffect, useState } from 'react';
import { explain } from '../live/api.js';
import { useSandbox } from '../live/sandbox.context.js';
import classes from './thread.module.css';

/** The hub is asked again so often, in milliseconds apart, while it is still fetching. */
const LOOKS_MS = [300, 700, 1_500, 3_000, 6_000];

/** What the customer attached, as the hub has it: pictures are shown, all else can be saved. */
export function Attachment({ href, contentType }: { href: string; contentType: string }) {
  const { api } = useSandbox();
  const [url, setUrl] = useState<string>();
  const [trouble, setTrouble] = useState<string>();
  useEffect(() => {
    let timer: number | undefined;
    const look = (times: number): void => {
      api.hubFile(href).then((file) => {
        const wait = LOOKS_MS[times];
        if (file !== null) setUrl(file);
        else if (wait === undefined) setTrouble('It is still on its way from Twilio.');
        else timer = window.setTimeout(() => look(times + 1), wait);
      }, (error: unknown) => setTrouble(explain(error)));
    };
    look(0);
    return () => window.clearTimeout(timer);
  }, [api, href]);
  if (trouble !== undefined) return <span className={classes.medium} data-testid="attachment-missing">{contentType}: {trouble}</span>;
  if (url === undefined) return <span className={classes.medium}>{contentType} …</span>;
  if (!url.startsWith('data:image/')) return <a className={classes.medium} href={url} download>{contentType}</a>;
  return <img className={classes.picture} src={url} alt={`Attachment, ${contentType}`} data-testid="attachment" />;
}
