// WhatsApp.
import '../../harness/round.js';
import '../whatsapp-too-late.spec.js';
import '../whatsapp-in-time.spec.js';
import '../whatsapp-taps.spec.js';
