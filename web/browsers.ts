/** What the builds are for: browsers of the spring of 2024. */

export const target = "es2023";
/** What knows light-dark() by itself: put into other words it would lose against the important rules of the frame. */
export const cssTarget: string[] = ["chrome123", "firefox120", "safari17.5"];
