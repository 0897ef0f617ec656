// Before a journey of the whole run that is to have its queue on Redis. What goes to Twilio is judged once: it is the same, whichever queue woke it.
process.env.TEST_REDIS_URL = process.env.TEST_REDIS;
delete process.env.TEST_JUDGE;
