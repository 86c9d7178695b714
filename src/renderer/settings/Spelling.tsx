import { Button } from '@mantine/core';
import { useCall, useCommand } from '../client.ts';
import { ErrorNotice } from '../ui/Notice.tsx';
import { Loaded } from '../ui/states.tsx';

/** Whether letters are spelled, and this person's own words. */
export function Spelling() {
  const spelling = useCall('settings.spelling', {});
  const set = useCommand('settings.setSpelling');
  const forget = useCommand('settings.forgetWord');
  const error = set.error ?? forget.error;
  return (
    <section className="settings" aria-labelledby="spelling-heading">
      <h2 id="spelling-heading">Spelling</h2>
      <Loaded answer={spelling} text="Reading the settings">
        {({ isOn, words }) => (
          <>
            <label className="row">
              <input
                type="checkbox"
                checked={isOn}
                onChange={(event) => {
                  void set.run({ isOn: event.currentTarget.checked });
                }}
              />
              Underline words in letters that no dictionary knows
            </label>
            <p className="quiet">
              The dictionary is American English with words of law and medicine, and is part of Steno: nothing is fetched or sent. Names in
              a matter’s facts count as right.
            </p>
            {words.length > 0 && (
              <>
                <h3>Your words, on this computer</h3>
                <ul className="own-words">
                  {words.map((word) => (
                    <li key={word}>
                      {word}
                      <Button
                        variant="subtle"
                        size="compact-sm"
                        aria-label={`Take out ${word}`}
                        onClick={() => {
                          void forget.run({ word });
                        }}
                      >
                        Take out
                      </Button>
                    </li>
                  ))}
                </ul>
              </>
            )}
          </>
        )}
      </Loaded>
      {error && <ErrorNotice error={error} />}
    </section>
  );
}
