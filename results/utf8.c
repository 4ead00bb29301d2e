#include "results/utf8.h"

/* The Unicode Standard 15.0, table 3-7: for each range of lead bytes the length, and the
 * range of the second byte, which is what rules out overlong forms and surrogates. */
static const struct lead {
    unsigned char first, last, length, second_min, second_max;
} leads[] = {
    { 0x00, 0x7f, 1, 0x00, 0x00 }, { 0xc2, 0xdf, 2, 0x80, 0xbf },
    { 0xe0, 0xe0, 3, 0xa0, 0xbf }, { 0xe1, 0xec, 3, 0x80, 0xbf },
    { 0xed, 0xed, 3, 0x80, 0x9f }, { 0xee, 0xef, 3, 0x80, 0xbf },
    { 0xf0, 0xf0, 4, 0x90, 0xbf }, { 0xf1, 0xf3, 4, 0x80, 0xbf },
    { 0xf4, 0xf4, 4, 0x80, 0x8f },
};

static const struct lead *find_lead(unsigned char byte)
{
    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++)
        if (byte >= leads[i].first && byte <= leads[i].last)
            return &leads[i];
    return NULL;
}

size_t pb_utf8_next(const char *bytes, size_t count, uint32_t *out)
{
    if (count == 0)
        return 0;
    const unsigned char *b = (const unsigned char *)bytes;
    const struct lead *lead = find_lead(b[0]);
    if (!lead || lead->length > count)
        return 0;
    /* A lead byte of length L > 1 carries its lowest 7 - L bits. */
    uint32_t point = lead->length == 1 ? b[0] : b[0] & (0x7fu >> lead->length);
    for (size_t i = 1; i < lead->length; i++) {
        const unsigned char min = i == 1 ? lead->second_min : 0x80;
        const unsigned char max = i == 1 ? lead->second_max : 0xbf;
        if (b[i] < min || b[i] > max)
            return 0;
        point = point << 6 | (b[i] & 0x3fu);
    }
    if (out)
        *out = point;
    return lead->length;
}
