// Mails come in.
import '../../harness/round.js';
import '../mail-brings-files.spec.js';
import '../mail-is-answered.spec.js';
import '../mail-finds-its-thread.spec.js';
import '../mail-is-forged.spec.js';
