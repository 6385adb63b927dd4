package clients

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss"
	"github.com/aliyun/alibabacloud-oss-go-sdk-v2/oss/transport"
)

func aWrongCRCIsNoticed(t *testing.T, use flavour) {
	site := startStandIn(t)
	bucket := use.open(t, site)
	for _, operation := range []string{"PutObject", "UploadPart"} {
		site.fault(map[string]any{"operation": operation}, map[string]any{"kind": "wrong_crc"})
	}
	equal(t, inconsistent(bucket.put("k", []byte("data"))), true)
	id := bucket.initiate("k")
	_, err := bucket.uploadPart("k", id, 1, []byte("data"))
	equal(t, inconsistent(err), true)
	site.clearFaults()
	must(bucket.uploadPart("k", id, 1, []byte("data")))(t)
}

func aWrongSecretIsRefused(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t, "--access-key", "ak:another"))
	refused(t, bucket.put("k", []byte("data")), 403, "SignatureDoesNotMatch")
	bucket = use.open(t, startStandIn(t, "--access-key", "other:sk"))
	refused(t, bucket.put("k", []byte("data")), 403, "InvalidAccessKeyId")
}

func aSecurityTokenIsSent(t *testing.T, use flavour) {
	site := startStandIn(t, "--access-key", "ak:sk:tok/en+==")
	bucket := use.open(t, site, withToken("tok/en+=="))
	succeed(t, bucket.put("k", []byte("data")))
	equal(t, must(bucket.get("k", nil))(t), []byte("data"))
	stranger := use.open(t, site, withToken("other"))
	refused(t, stranger.put("k", []byte("data")), 403, "InvalidSecurityToken")
	tokenless := use.open(t, site)
	refused(t, tokenless.put("k", []byte("data")), 403, "InvalidAccessKeyId")
}

func presignedURLsAreTaken(t *testing.T, use flavour) {
	const key = "dir/a b+中.bin"
	for _, token := range []string{"", "tok/en+=="} {
		site := startStandIn(t, "--access-key", strings.TrimSuffix("ak:sk:"+token, ":"))
		bucket := use.open(t, site, withToken(token))
		put := bucket.presign(here(key))
		request := must(http.NewRequest(put.Method, put.URL, strings.NewReader("data")))(t)
		for name, value := range put.SignedHeaders {
			request.Header.Set(name, value)
		}
		equal(t, must(http.DefaultClient.Do(request))(t).StatusCode, 200)
		get := bucket.presign(&oss.GetObjectRequest{Bucket: oss.Ptr(bucketName), Key: oss.Ptr(key)})
		answer := must(http.Get(get.URL))(t)
		defer answer.Body.Close()
		equal(t, string(must(io.ReadAll(answer.Body))(t)), "data")
		equal(t, must(http.Get(strings.Replace(get.URL, "/dir/", "/other/", 1)))(t).StatusCode, 403)
	}
}

func anExpiredTokenIsRefused(t *testing.T, use flavour) {
	bucket := use.open(t, startStandIn(t, "--access-key", "ak:sk:token:1"), withToken("token"))
	refused(t, bucket.put("k", []byte("data")), 403, "SecurityTokenExpired")
}

func aClockMustBeRight(t *testing.T, use flavour) {
	site := startStandIn(t, "--clock-offset-s", "100000")
	bucket := use.open(t, site)
	// The client corrects its clock and asks again, and keeps the correction.
	succeed(t, bucket.put("k", []byte("data")))
	succeed(t, bucket.put("k", []byte("more data")))
	equal(t, len(site.ledger("PutObject")), 2)
	equal(t, site.count("403"), 1)
}

func bucketsAreAddressedInThreeStyles(t *testing.T, use flavour) {
	site := startStandIn(t, "--cname", "static.example.com=bucket")
	dialer := net.Dialer{}
	leadingHere := transport.NewHttpClient(&transport.Config{}, func(transport *http.Transport) {
		transport.DialContext = func(ctx context.Context, network, _ string) (net.Conn, error) {
			return dialer.DialContext(ctx, network, "127.0.0.1:"+site.port())
		}
	})
	styles := []struct {
		host   string
		choose func(*oss.Config)
	}{
		{"localhost", func(config *oss.Config) { config.WithUsePathStyle(true) }},
		{"oss-cn-hangzhou.aliyuncs.com", func(*oss.Config) {}},
		{"static.example.com", func(config *oss.Config) { config.WithUseCName(true) }},
	}
	for _, style := range styles {
		bucket := use.open(t, site, style.choose, func(config *oss.Config) {
			config.WithEndpoint("http://" + style.host + ":" + site.port()).WithHttpClient(leadingHere)
		})
		data := []byte(style.host)
		succeed(t, bucket.put("dir/a b+c", data))
		equal(t, must(bucket.get("dir/a b+c", nil))(t), data)
		equal(t, site.object("dir/a b+c"), data)
	}
	hosts := map[string]int{}
	for _, entry := range site.ledger("PutObject") {
		hosts[strings.TrimSuffix(entry.header("host"), ":"+site.port())]++
	}
	equal(t, hosts, map[string]int{
		"localhost":                           1,
		"bucket.oss-cn-hangzhou.aliyuncs.com": 1,
		"static.example.com":                  1,
	})
}

func httpsIsVerified(t *testing.T, use flavour) {
	ca := filepath.Join(t.TempDir(), "ca.pem")
	site := startStandIn(t, "--https", "--ca-out", ca)
	secure := func(config *oss.Config) { config.WithEndpoint(site.HTTPSEndpoint).WithUsePathStyle(true) }
	var unknown x509.UnknownAuthorityError
	equal(t, errors.As(use.open(t, site, secure).put("k", []byte("data")), &unknown), true)
	roots := x509.NewCertPool()
	equal(t, roots.AppendCertsFromPEM(must(os.ReadFile(ca))(t)), true)
	trusting := transport.NewHttpClient(&transport.Config{}, func(transport *http.Transport) {
		transport.TLSClientConfig = &tls.Config{RootCAs: roots}
	})
	bucket := use.open(t, site, secure, func(config *oss.Config) { config.WithHttpClient(trusting) })
	succeed(t, bucket.put("k", []byte("data")))
	equal(t, site.object("k"), []byte("data"))
}
