import type { User } from '../entities.js';
import { newSid } from '../sids.js';
import type { World } from '../world.js';
import { userParams } from './event-params.js';
import { firePost, type Origin, type Subject } from './hooks.js';

/** The user behind an identity; the first time an identity takes part, Twilio makes one (facts A.12). */
export function userFor(world: World, on: Subject, identity: string, origin: Origin): User {
  const known = world.store.userByIdentity.first(`${on.serviceSid} ${identity}`);
  if (known) return known;
  const now = world.clock.ms();
  return keepUser(world, {
    sid: newSid('US'), accountSid: on.accountSid, serviceSid: on.serviceSid, createdAt: now, updatedAt: now, identity,
    friendlyName: null, attributes: '{}', roleSid: world.store.services.get(on.serviceSid)?.serviceRoleSid ?? '',
  }, origin);
}

export function keepUser(world: World, user: User, origin: Origin): User {
  world.store.users.save(user);
  firePost(world, { accountSid: user.accountSid, serviceSid: user.serviceSid }, {
    event: 'onUserAdded', origin, params: userParams(user, 'added'),
  });
  return user;
}
