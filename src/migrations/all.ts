import { Tenancy1700000001000 } from './0001_tenancy.js';
import { Contacts1700000002000 } from './0002_contacts.js';
import { Conversations1700000003000 } from './0003_conversations.js';
import { Outbox1700000004000 } from './0004_outbox.js';
import { Delivery1700000005000 } from './0005_delivery.js';
import { Assistant1700000006000 } from './0006_assistant.js';
import { Memory1700000007000 } from './0007_memory.js';
import { Compared1700000008000 } from './0008_compared.js';
import { Mirrors1700000009000 } from './0009_mirrors.js';
import { Resends1700000010000 } from './0010_resends.js';
import { Places1700000011000 } from './0011_places.js';
import { Waiting1700000012000 } from './0012_waiting.js';
import { WhatsappWindows1700000020000 } from './0020_whatsapp_windows.js';
import { DeliveryRoutes1700000021000 } from './0021_delivery_routes.js';
import { MessageDetails1700000022000 } from './0022_message_details.js';
import { Media1700000023000 } from './0023_media.js';
import { Facts1700000024000 } from './0024_facts.js';
import { Knowledge1700000025000 } from './0025_knowledge.js';
import { ConsentLedger1700000026000 } from './0026_consent_ledger.js';
import { QuietHours1700000027000 } from './0027_quiet_hours.js';
import { Trust1700000028000 } from './0028_trust.js';
import { Merges1700000029000 } from './0029_merges.js';
import { Verification1700000030000 } from './0030_verification.js';
import { Privacy1700000040000 } from './0040_privacy.js';
import { Retention1700000041000 } from './0041_retention.js';
import { Webchat1700000050000 } from './0050_webchat.js';
import { UseWindows1700000051000 } from './0051_use_windows.js';
import { VisitorUploads1700000052000 } from './0052_visitor_uploads.js';
import { Mailboxes1700000060000 } from './0060_mailboxes.js';
import { MailboxConnected1700000061000 } from './0061_mailbox_connected.js';
import { SecretsKey1700000065000 } from './0065_secrets_key.js';
import { Fallbacks1700000070000 } from './0070_fallbacks.js';
import { Contents1700000071000 } from './0071_contents.js';
import { OutgoingMedia1700000080000 } from './0080_outgoing_media.js';
import { Beside1700000081000 } from './0081_beside.js';
import { Calls1700000090000 } from './0090_calls.js';
import { Transfers1700000100000 } from './0100_transfers.js';
import { Engines1700000110000 } from './0110_engines.js';
import { VapiCalls1700000115000 } from './0115_vapi_calls.js';
import { Placements1700000120000 } from './0120_placements.js';
import { OutboundCalls1700000121000 } from './0121_outbound_calls.js';
import { PlacementPhones1700000129000 } from './0129_placement_phones.js';
import { Staff1700000130000 } from './0130_staff.js';
import { Oncall1700000131000 } from './0131_oncall.js';
import { Escalation1700000140000 } from './0140_escalation.js';
import { Reports1700000150000 } from './0150_reports.js';
import { Drills1700000151000 } from './0151_drills.js';
import { AttemptChanges1700000152000 } from './0152_attempt_changes.js';
import { Callbacks1700000155000 } from './0155_callbacks.js';
import { StaffPins1700000160000 } from './0160_staff_pins.js';
import { AlertPrivacy1700000161000 } from './0161_alert_privacy.js';
import { Triage1700000165000 } from './0165_triage.js';
import { OtherWays1700000170000 } from './0170_other_ways.js';
import { ContactMethodAddresses1700000172000 } from './0172_contact_method_addresses.js';
import { Judgings1700000174000 } from './0174_judgings.js';
import { AlarmWordsVersions1700000176000 } from './0176_alarm_words_versions.js';
import { CallbackMoves1700000180000 } from './0180_callback_moves.js';
import { Calendars1700000182000 } from './0182_calendars.js';
import { CallbackLostCalls1700000188000 } from './0188_callback_lost_calls.js';

/** In the order in which they are run. Append only. */
export const migrations = [
  Tenancy1700000001000,
  Contacts1700000002000,
  Conversations1700000003000,
  Outbox1700000004000,
  Delivery1700000005000,
  Assistant1700000006000,
  Memory1700000007000,
  Compared1700000008000,
  Mirrors1700000009000,
  Resends1700000010000,
  Places1700000011000,
  Waiting1700000012000,
  WhatsappWindows1700000020000,
  DeliveryRoutes1700000021000,
  MessageDetails1700000022000,
  Media1700000023000,
  Facts1700000024000,
  Knowledge1700000025000,
  ConsentLedger1700000026000,
  QuietHours1700000027000,
  Trust1700000028000,
  Merges1700000029000,
  Verification1700000030000,
  Privacy1700000040000,
  Retention1700000041000,
  Webchat1700000050000,
  UseWindows1700000051000,
  VisitorUploads1700000052000,
  Mailboxes1700000060000,
  MailboxConnected1700000061000,
  SecretsKey1700000065000,
  Fallbacks1700000070000,
  Contents1700000071000,
  OutgoingMedia1700000080000,
  Beside1700000081000,
  Calls1700000090000,
  Transfers1700000100000,
  Engines1700000110000,
  VapiCalls1700000115000,
  Placements1700000120000,
  OutboundCalls1700000121000,
  PlacementPhones1700000129000,
  Staff1700000130000,
  Oncall1700000131000,
  Escalation1700000140000,
  Reports1700000150000,
  Drills1700000151000,
  AttemptChanges1700000152000,
  Callbacks1700000155000,
  StaffPins1700000160000,
  AlertPrivacy1700000161000,
  Triage1700000165000,
  OtherWays1700000170000,
  ContactMethodAddresses1700000172000,
  Judgings1700000174000,
  AlarmWordsVersions1700000176000,
  CallbackMoves1700000180000,
  Calendars1700000182000,
  CallbackLostCalls1700000188000,
];
