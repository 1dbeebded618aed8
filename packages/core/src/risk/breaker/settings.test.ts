import { describe, expect, it } from 'vitest';
import { BREAKERS_OFF, BREAKER_RULES, type BreakerSettings, breakerConfig } from './settings.ts';
import { TRIGGERS, TRIGGER_NAMES, Trigger } from './trigger.ts';

describe('breaker settings', () => {
  it('what is absent has its default, null turns a trigger off', () => {
    const usual = breakerConfig({});
    for (const [name, rule] of Object.entries(BREAKER_RULES)) expect(usual).toHaveProperty(name, rule.usual);
    const off = breakerConfig(BREAKERS_OFF);
    for (const name of Object.keys(BREAKERS_OFF)) expect(off).toHaveProperty(name, Infinity);
    expect(off.cooldownNs).toBe(usual.cooldownNs);
  });

  it.each<[Record<string, unknown>, string]>([
    [{ move1m: 0 }, 'breaker: move1m 0 is not a number above 0 up to 1'],
    [{ move5m: Number.NaN }, 'breaker: move5m NaN is not a number above 0'],
    [{ move1m: -0.1 }, 'breaker: move1m -0.1'],
    [{ move1m: '0.1' }, 'breaker: move1m 0.1 is not a number'],
    [{ spreadRatio: 1 }, 'breaker: spreadRatio 1 is not a number above 1'],
    [{ cooldownNs: null }, 'breaker: cooldownNs cannot be null'],
    [{ cooldownNs: Infinity }, 'breaker: cooldownNs Infinity'],
    [{ maxCooldownNs: 1 }, 'breaker: maxCooldownNs 1 is below cooldownNs 60000000000'],
    [{ release: 0.8 }, 'breaker: release 0.8 is not below canaryTightness 0.75'],
    [{ volatilityRatio: 3 }, 'breaker: volatileRatio 4 is not below volatilityRatio 3'],
    [{ cooldownGrowth: 0.5 }, 'breaker: cooldownGrowth 0.5 is not a number from 1 up to 100'],
    [{ moveOneMinute: 0.1 }, "breaker: there is no setting 'moveOneMinute'"],
  ])('%j is refused by name', (settings, message) => {
    // oxlint-disable-next-line no-unsafe-type-assertion -- as a file might have it
    expect(() => breakerConfig(settings as BreakerSettings)).toThrow(RangeError);
    // oxlint-disable-next-line no-unsafe-type-assertion -- as a file might have it
    expect(() => breakerConfig(settings as BreakerSettings)).toThrow(message);
  });

  it('every trigger has its name', () => {
    for (const [name, code] of Object.entries(Trigger)) expect(TRIGGER_NAMES[code]).toBe(name);
    expect(TRIGGERS).toBe(Object.keys(Trigger).length + 1);
  });
});
