import { long, of, type RowCases } from './row-case.ts';

export const firmRows: RowCases = {
  firm: {
    valid: (ids) => ({ firm_id: ids.firm, firm_name: 'Firm', firm_slug: ids.word }),
    broken: {
      firm_firm_name_check: { firm_name: '' },
      firm_firm_slug_check: { firm_slug: 'Not a slug' },
      firm_subscription_tier_check: { subscription_tier: 'Free' },
    },
  },
  user: {
    valid: (ids) => ({
      firm_id: ids.firm,
      user_id: ids.id('user'),
      email: `${ids.word}@firm.example`,
      first_name: 'Ada',
      last_name: 'Adams',
      role: 'Attorney',
    }),
    broken: {
      user_first_name_check: { first_name: '' },
      user_last_name_check: { last_name: long(101) },
      user_role_check: { role: 'Partner' },
    },
  },
  permission: {
    valid: (ids) => ({ permission: `test:row:${ids.word}`, description: 'x' }),
    broken: { permission_permission_check: { permission: 'test' } },
  },
  role_permission: {
    valid: (ids) => ({ role: 'Guest', permission: `test:row:${ids.word}` }),
    broken: { role_permission_role_check: { role: 'Partner' } },
  },
  'auth.credential': {
    valid: (ids) => ({ firm_id: ids.firm, user_id: ids.id('user'), password_hash: `$2a$12$${long(53)}` }),
    broken: { credential_password_hash_check: { password_hash: 'in the clear' } },
  },
  'auth.file_store': {
    valid: (ids) => ({
      firm_id: ids.firm,
      endpoint: 'https://files.firm.example:9000',
      bucket: 'steno-files',
      region: 'us-east-1',
      access_key: 'AKIA',
      is_path_style: true,
    }),
    broken: {
      file_store_endpoint_check: { endpoint: 'http://files.firm.example' },
      file_store_bucket_check: { bucket: '../other' },
      file_store_region_check: { region: 'us east' },
      file_store_access_key_check: { access_key: '' },
    },
  },
  'auth.file_secret': {
    valid: (ids) => ({ firm_id: ids.firm, secret_key: 'x' }),
    broken: { file_secret_secret_key_check: { secret_key: '' } },
  },
  'auth.session': {
    valid: (ids) => ({
      firm_id: ids.firm,
      user_id: ids.id('user'),
      session_id: ids.id('session'),
      device_id: ids.id('device'),
      device_name: 'x',
      token_hash: `\\x${ids.hash}`,
      created_at: '2026-01-01T00:00:00Z',
      last_seen_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00Z',
    }),
    broken: {
      session_device_name_check: { device_name: long(256) },
      session_ended_reason_check: { ended_reason: 'forgotten' },
      session_token_hash_check: { token_hash: '\\x00' },
    },
  },
  'auth.device': {
    valid: (ids) => ({ firm_id: ids.firm, user_id: ids.id('user'), device_id: ids.id('device'), device_name: 'x' }),
    broken: {
      device_device_name_check: { device_name: long(256) },
      device_unsynced_changes_check: { unsynced_changes: -1 },
      device_unsynced_files_check: { unsynced_files: -1 },
      device_rescue_check: { rescue: 'somewhere' },
    },
  },
  'auth.api_key': {
    valid: (ids) => ({
      firm_id: ids.firm,
      user_id: ids.id('user'),
      api_key_id: ids.id('api_key'),
      key_name: 'x',
      key_hash: `\\x${ids.hash}`,
      scopes: ['matter:record:read'],
      created_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-02-01T00:00:00Z',
    }),
    broken: {
      api_key_check: { expires_at: '2025-01-01T00:00:00Z' },
      api_key_key_hash_check: { key_hash: '\\x00' },
      api_key_key_name_check: { key_name: '' },
      api_key_scopes_check: { scopes: [] },
    },
  },
  'auth.policy': {
    valid: () => ({
      only_row: true,
      session_days: 30,
      session_most_days: 90,
      window_minutes: 15,
      account_attempts: 60,
      address_attempts: 300,
    }),
    broken: {
      policy_only_row_check: { only_row: false },
      policy_session_days_check: { session_days: 0 },
      policy_session_most_days_check: { session_most_days: 731 },
      policy_window_minutes_check: { window_minutes: 0 },
      policy_account_attempts_check: { account_attempts: 0 },
      policy_address_attempts_check: { address_attempts: 0 },
    },
  },
  'auth.firm_policy': {
    valid: (ids) => ({ firm_id: ids.firm, offline_days: 7 }),
    broken: { firm_policy_offline_days_check: { offline_days: 366 } },
  },
  'auth.escrow_key': {
    valid: (ids) => ({
      firm_id: ids.firm,
      escrow_key_id: ids.id('escrow_key'),
      public_key: `age1${ids.hash.replaceAll(/[1b]/g, 'z').slice(0, 58)}`,
      created_at: '2026-01-01T00:00:00Z',
    }),
    broken: {
      escrow_key_public_key_check: { public_key: 'age1tooshort' },
      escrow_key_check: { retired_at: '2025-01-01T00:00:00Z' },
    },
  },
  setting: {
    valid: (ids) => ({
      ...of(ids),
      setting_id: ids.id('setting'),
      user_id: ids.id('user'),
      setting_key: 'view.theme',
      setting_value: 'dark',
    }),
    broken: {
      setting_setting_key_check: { setting_key: 'view.unknown' },
      setting_value_check: { setting_value: 'pink' },
      setting_whose_check: { user_id: null },
    },
  },
};
