// Mails go out, or do not.
import '../../harness/round.js';
import '../mail-that-nobody-wrote.spec.js';
import '../mail-goes-out.spec.js';
import '../mail-falls-to-a-text.spec.js';
import '../mail-crash.spec.js';
